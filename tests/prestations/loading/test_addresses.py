"""The street register's loader: BAL 1.3 and BAN exports, mistakes by line, all or nothing."""

import io

import pytest
from django.core.management import CommandError, call_command

from prestations.loading import DataFileError, load_addresses
from prestations.loading.addresses import SAMPLE
from prestations.models import Address, Street
from prestations.streets import sample
from requests.demo.names import STREETS

pytestmark = pytest.mark.usefixtures("catalogue")
BAL = "cle_interop;commune_insee;commune_nom;voie_nom;numero;suffixe;position;x;y;long;lat"
MERMOZ = "91377_0123_00012;91377;Massy;Rue Jean Mermoz;12;;entrée;;;2.2785;48.7306"
MERMOZ_BIS = "91377_0123_00012_bis;91377;Massy;Rue Jean Mermoz;12;bis;entrée;;;2.2786;48.7306"
LOCALITY = "91377_b042_99999;91377;Massy;Les Graviers;99999;;segment;;;2.2700;48.7310"


@pytest.fixture
def bal(tmp_path):
    def write(*lines, header=BAL):
        file = tmp_path / "adresses.csv"
        file.write_text("\n".join([header, *lines]), encoding="utf-8")
        return file

    return write


def mistakes(file, **options):
    with pytest.raises(DataFileError) as refused:
        load_addresses(file, **options)
    return [str(problem) for problem in refused.value.problems]


def test_streets_numbers_and_coordinates_are_loaded(bal):
    load_addresses(bal(MERMOZ, MERMOZ_BIS, LOCALITY))
    address = Address.objects.get(key="91377_0123_00012_bis")
    assert (str(address), address.latitude, address.longitude) == (
        "12 bis Rue Jean Mermoz",
        48.7306,
        2.2786,
    )
    assert address.street.folded == "rue jean mermoz"


def test_number_99999_is_a_street_without_number(bal):
    load_addresses(bal(MERMOZ, LOCALITY))
    locality = Street.objects.get(name="Les Graviers")
    assert (locality.latitude, locality.addresses.count()) == (48.731, 0)


def test_export_of_the_national_base_is_read_and_other_communes_left_out(bal):
    header = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat"
    load_addresses(
        bal(
            "91377_7czg3p_00012;91377_0123;12;;Rue Jean Mermoz;91300;91377;Massy;1;2;2.27;48.73",
            "91477_0001_00001;;1;;Rue de Paris;91120;91477;Palaiseau;1;2;2.24;48.71",
            header=header,
        )
    )
    assert [street.postcode for street in Street.objects.all()] == ["91300"]


def test_loading_twice_changes_nothing(bal):
    file = bal(MERMOZ, LOCALITY)
    load_addresses(file)
    assert load_addresses(file).nothing_changed


def test_abandoned_address_goes_out_of_use_and_comes_back(bal):
    others = [MERMOZ.replace("00012", f"{n:05d}").replace(";12;", f";{n};") for n in range(20, 30)]
    load_addresses(bal(MERMOZ, *others))
    load_addresses(bal(*others))
    assert not Address.objects.get(key="91377_0123_00012").is_active
    load_addresses(bal(MERMOZ, *others))
    assert Address.objects.get(key="91377_0123_00012").is_active


def test_entrance_is_kept_of_several_positions(bal):
    building = MERMOZ.replace("entrée", "bâtiment").replace("2.2785", "2.2790")
    load_addresses(bal(building, MERMOZ))
    assert Address.objects.get().longitude == 2.2785


def test_truncated_file_is_refused_until_it_is_meant(bal):
    load_addresses(bal(MERMOZ, MERMOZ_BIS))
    assert "would take 1 of 2 addresses out of use" in mistakes(bal(MERMOZ))[0]
    assert Address.objects.filter(is_active=True).count() == 2
    load_addresses(bal(MERMOZ), replace=True)
    assert Address.objects.filter(is_active=True).count() == 1


def test_every_mistake_is_told_with_its_line_and_nothing_is_loaded(bal):
    told = mistakes(
        bal(
            MERMOZ,
            "x;91377;Massy;Rue du Nord;1;;entrée;;;2.27;48.73",
            "91377_0002_00003;91377;Massy;;3;;entrée;;;2.27;48.73",
            "91377_0003_00004;91377;Massy;Rue du Midi;quatre;;entrée;;;2.27;48.73",
            "91377_0004_00005;91377;Massy;Rue du Clos;6;;entrée;;;2.27;48.73",
            "91377_0005_00006;91377;Massy;Rue Pasteur;6;;entrée;;;48.73;2.27",
            "91377_0006_00007;91377;Massy;Rue Voltaire;7;;entrée;;;est;48.73",
            "91377_0123_00014;91377;Massy;Rue Pasteur;14;;entrée;;;2.27;48.73",
            "91377_0007_00008;91377;Massy",
        )
    )
    assert told[0].startswith("line 3, cle_interop: 'x'")
    assert "line 4, voie_nom: is empty" in told
    assert "line 5, numero: 'quatre' is not a number from 0 to 9999" in told
    assert "line 6, numero: 6 disagrees with the key '91377_0004_00005'" in told
    assert "line 8, long: 'est' is not degrees" in told
    assert "line 10: has 3 values, the header 11" in told
    assert any(one.startswith("line 7: lies ") for one in told)
    assert any(one.startswith("line 9: the street 91377_0123 is 'Rue Pasteur'") for one in told)
    assert not Street.objects.exists()


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("a;b;c", "is missing from the header"),
        (BAL, "holds no address of the commune 91377"),
    ],
)
def test_file_that_is_none_is_refused(bal, header, told):
    assert any(told in one for one in mistakes(bal(header=header)))


def test_unreadable_file_is_refused(tmp_path):
    file = tmp_path / "latin1.csv"
    file.write_bytes("cle_interop;é".encode("latin-1"))
    assert "cannot be read" in mistakes(file)[0]


def test_command_tells_the_mistakes(bal):
    told = io.StringIO()
    with pytest.raises(CommandError, match="1 mistake, nothing was loaded"):
        call_command("load_addresses", bal(MERMOZ.replace("48.7306", "nord")), stderr=told)
    assert "line 2, lat" in told.getvalue()


def test_shipped_sample_is_what_its_script_makes():
    made = io.StringIO()
    sample.write(made)
    assert SAMPLE.read_text(encoding="utf-8") == made.getvalue()


def test_sample_knows_the_streets_of_the_demo_and_never_replaces_a_real_file(bal):
    load_addresses()
    assert not set(STREETS) - set(Street.objects.values_list("name", flat=True))
    load_addresses(bal(MERMOZ), replace=True)
    assert load_addresses().nothing_changed
    assert Street.objects.get(is_active=True).name == "Rue Jean Mermoz"
