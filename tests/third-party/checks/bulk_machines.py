"""The definitions of the state machines for whole tables."""

from statemachines import ACCOUNT, FOLDER, PLACEHOLDER, REGION, function

MACHINES = ["copy-table", "delete-by-query", "export-table", "load-table"]
BUCKET = "bulk"


def path(machine):
    return FOLDER / machine / f"{machine}.asl.json"


def definition(machine, bucket=BUCKET):
    """As SAM's DefinitionSubstitutions leave it."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"

    def fill(found):
        return bucket if found[1] == "BulkBucket" else arn + function(found[1])

    return PLACEHOLDER.sub(fill, path(machine).read_text(encoding="utf-8"))
