"""What a person does without a mouse."""

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor

MOST = 100  # presses of Tab from one control to the next


def reaches(citizen: Visitor, control: Locator) -> None:
    """Tab until the focus is there."""
    for _press in range(MOST):
        if control.evaluate("one => one === document.activeElement"):
            return
        citizen.hits("Tab")
    raise AssertionError(f"Tab never comes to {control}")


def enters(citizen: Visitor, role: str, name: str) -> None:
    """Go on by a link or a button of the page's own part."""
    reaches(citizen, citizen.page.get_by_role("main").get_by_role(role, name=name).first)
    with citizen.page.expect_navigation():
        citizen.hits("Enter")


def types_into(citizen: Visitor, control: Locator, text: str) -> None:
    reaches(citizen, control)
    citizen.types(text)


def picks(citizen: Visitor, group: Locator, place: int) -> None:
    """One of some radio buttons: the first by Space, another by the arrows."""
    reaches(citizen, group.get_by_role("radio").first)
    for key in ["ArrowDown"] * place or ["Space"]:
        citizen.hits(key)
