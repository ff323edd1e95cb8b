// A real OpenID provider in FranceConnect's shape, for the tests: code flow with PKCE, acr,
// pivot identity, id_token and userinfo signed, logout. Its people are invented.
// Prints one line of JSON when it listens: {"issuer": …}.
// usage: node provider.mjs CLIENT_ID CLIENT_SECRET REDIRECT_URI POST_LOGOUT_REDIRECT_URI
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The library is installed outside the sources, in the folder that the test names.
const installed = createRequire(`${process.env.OIDC_PROVIDER_DIR}/`);
const { default: Provider } = await import(pathToFileURL(installed.resolve("oidc-provider")));

const [clientId, clientSecret, redirectUri, postLogoutUri] = process.argv.slice(2);

const solene = {
  family_name: "TREVIDIC",
  given_name: "Solène Marie",
  birthdate: "1984-03-07",
  gender: "female",
  birthplace: "29019",
  birthcountry: "99100",
  email: "solene@courriel.example",
  preferred_username: "LE GALL",
};
const people = {
  solene,
  // somebody else with the same names, born elsewhere on another day
  homonyme: { ...solene, birthdate: "1990-12-01", birthplace: "75056", email: "autre@courriel.example" },
  // born abroad: no commune, and no name in use
  abroad: { ...solene, family_name: "NOVAKOVA", given_name: "Jana", birthplace: "", birthcountry: "99116", preferred_username: undefined, email: "jana@courriel.example" },
  // signed in at a level that the town does not accept
  weak: { ...solene, family_name: "FAIBLE" },
};

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [postLogoutUri],
      token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: "ES256",
      userinfo_signed_response_alg: "ES256",
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "ES256" }] },
  cookies: { keys: ["only for tests"] },
  acrValues: ["eidas0", "eidas1", "eidas2", "eidas3"],
  conformIdTokenClaims: true,
  scopes: ["openid", "given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry", "email", "preferred_username"],
  claims: {
    openid: ["sub"],
    acr: null,
    ...Object.fromEntries(Object.keys(solene).map((name) => [name, [name]])),
  },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, ...people[id] }),
  }),
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
});
provider.on("server_error", (_context, error) => console.error(error));

// The page on which a person signs in: here whoever `login_hint` names is at the keyboard.
const library = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return library(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const accountId = params.login_hint;
  if (!people[accountId]) {
    const refusal = { error: "access_denied", error_description: "the person gave up" };
    return provider.interactionFinished(request, response, refusal);
  }
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(params.scope);
  const acr = accountId === "weak" ? "eidas0" : "eidas1";
  await provider.interactionFinished(request, response, {
    login: { accountId, acr },
    consent: { grantId: await grant.save() },
  });
});
console.log(JSON.stringify({ issuer }));
