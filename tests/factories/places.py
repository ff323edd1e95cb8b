"""A small street register: two streets far apart."""

from prestations.models import Address, Street
from prestations.streets.names import canonical

HOUSE = 0.0002  # degrees of latitude from one house to the next: some 22 metres


def make_street(
    name: str = "rue Jean Mermoz",
    *,
    key: str = "91377_0123",
    numbers=("1", "3", "5", "12", "12 bis"),
    latitude: float = 48.7306,
    longitude: float = 2.2785,
) -> Street:
    """A street with its numbers, one house after the other northwards."""
    street = Street.objects.create(
        key=key,
        name=name,
        folded=canonical(name),
        postcode="91300",
        latitude=latitude,
        longitude=longitude,
        line=[[longitude, latitude], [longitude, latitude + 5 * HOUSE]],
        source="essai.csv",
    )
    for rank, label in enumerate(numbers):
        number, _space, suffix = label.partition(" ")
        Address.objects.create(
            key=f"{key}_{int(number):05d}{'_' if suffix else ''}{suffix}",
            street=street,
            number=int(number),
            suffix=suffix,
            latitude=latitude + rank * HOUSE,
            longitude=longitude,
        )
    return street


def make_register() -> tuple[Street, Street]:
    """Rue Jean Mermoz, and place des Arts two kilometres north."""
    return make_street(), make_street(
        "place des Arts", key="91377_0456", numbers=("1", "2"), latitude=48.7500
    )
