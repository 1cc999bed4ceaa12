"""All front doors by name."""

from doors import explainers, files, scorecards, tables, text

ALL = {
    door.name: door
    for module in (tables, files, explainers, text, scorecards)
    for door in module.DOORS
}
