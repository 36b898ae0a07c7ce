#!/usr/bin/env python3
"""A catalogue of 400 achievements and 12 programmes, and a file of completions of them: the same every time.

  rows.py FOLDER ROWS [--learners N] [--bad N]

makes FOLDER/catalogue and FOLDER/completions.csv. Learners come in the order of a provider's diary, not
one after another: everybody's first completion, then everybody's second. One in ten completes a programme.
"""

import argparse
import csv
import datetime
import random
import shutil
from pathlib import Path

CORE = "equality-diversity-inclusion"
PROVIDER = "example-trust"
PROGRAMMES = 12
# Modules of each programme, beside the core module.
PARTS = 4
MODULES = 400 - PROGRAMMES - 1
IMAGE = "images/module.svg"
FIRST_DAY = datetime.date(2025, 1, 1)
DAYS = 600

# What is wrong with a bad row, in turn: the column, and what it says.
FAULTS = [
    ("email", "not-an-address"),
    ("achievement", "no-such-achievement"),
    ("completed_at", "yesterday"),
    ("credit_unit", "furlongs"),
    ("name", ""),
]
COLUMNS = ["reference", "name", "email", "staff_number", "organisation", "achievement", "completed_at",
           "started_on", "delivery_mode", "credit_amount", "credit_unit", "result_name", "result_value",
           "result_type"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("rows", type=int)
    arguments.add_argument("--learners", type=int)
    arguments.add_argument("--bad", type=int, default=0)
    given = arguments.parse_args()
    make(given.folder, given.rows, given.learners or given.rows // 10, given.bad)


def make(folder, rows, learners, bad=0):
    """Makes catalogue and file; answers with the file."""
    write_catalogue(folder / "catalogue")
    return write_rows(folder / "completions.csv", rows, learners, bad)


def write_catalogue(folder):
    (folder / "images").mkdir(parents=True)
    source = Path(__file__).resolve().parent.parent.parent / "catalogue"
    shutil.copy(source / "images" / f"{CORE}.svg", folder / IMAGE)
    lines = [
        "organisations:",
        "  nhs-digital-academy: {name: NHS Digital Academy, roles: [issuer, provider, body]}",
        f"  {PROVIDER}: {{name: Example University Hospitals NHS Trust, roles: [provider]}}",
        "achievements:",
        *achievement(CORE, "module", "Course", 3),
    ]
    for number in range(MODULES):
        lines += achievement(module(number), "module", "Course", 1 + number % 8)
    for number in range(PROGRAMMES):
        lines += achievement(f"certificate-{number}", "certificate", "Certificate", 0)
    lines.append("programmes:")
    for number in range(PROGRAMMES):
        parts = ", ".join([CORE, *parts_of(number)])
        lines += [f"  programme-{number}:", f"    achievement: certificate-{number}", f"    all_of: [{parts}]",
                  "    window_months: 60"]
    everything = ", ".join([CORE, *map(module, range(MODULES))])
    lines += [
        "accreditations:",
        f"  - provider: {PROVIDER}",
        "    accredited_by: nhs-digital-academy",
        f"    achievements: [{everything}]",
        "    from: 2024-01-01",
    ]
    (folder / "all.yaml").write_text("\n".join(lines) + "\n")


def achievement(slug, kind, achievement_type, hours):
    name = slug.replace("-", " ").capitalize()
    return [
        f"  {slug}:",
        '    version: "1.0"',
        f"    kind: {kind}",
        f"    achievement_type: {achievement_type}",
        f"    name: {name}",
        f"    description: What everybody in health and care should know about {name.lower()}, and how to use it.",
        "    criteria: |",
        "      To earn this badge you:",
        "",
        "      - work through the whole of it",
        "      - pass its short quiz",
        f"    credit: {{amount: {hours}, unit: hours}}",
        "    credit_is_sample: true",
        "    issuer: nhs-digital-academy",
        "    creator: nhs-digital-academy",
        f"    image: {{file: {IMAGE}, alt: A round blue badge.}}",
        "    tags: [digital, sample]",
        "    available_from: 2024-01-01",
    ]


def module(number):
    return f"module-{number}"


def parts_of(programme):
    return [module(programme * PARTS + part) for part in range(PARTS)]


def write_rows(file, rows, learners, bad):
    """A learner's completions are of different achievements on different days; `bad` of the rows have a fault."""
    chance = random.Random(2026)
    order = list(range(learners))
    chance.shuffle(order)
    every = rows // bad if bad else 0
    with file.open("w", newline="") as text:
        table = csv.writer(text)
        table.writerow(COLUMNS)
        for number in range(rows):
            row = completion(number, order[number % learners], number // learners)
            # The last of each stretch, so that none is of the first rows.
            if every and number % every == every - 1 and number // every < bad:
                column, wrong = FAULTS[number // every % len(FAULTS)]
                row[column] = wrong
            table.writerow(row[column] for column in COLUMNS)
    return file


def completion(number, learner, nth):
    slug = achievement_of(learner, nth)
    day = FIRST_DAY + datetime.timedelta(days=(learner * 7 + nth * 53) % DAYS)
    hours = 3 if slug == CORE else 1 + int(slug.removeprefix("module-")) % 8
    return {
        "reference": f"R-{number}",
        "name": f"Learner {learner} Sampleton",
        "email": f"learner.{learner}@example.org",
        "staff_number": f"S{learner:07}",
        "organisation": PROVIDER,
        "achievement": slug,
        "completed_at": f"{day}T{9 + nth % 8:02}:30:00Z",
        "started_on": day - datetime.timedelta(days=5),
        "delivery_mode": ("online", "blended", "face_to_face")[learner % 3],
        "credit_amount": hours,
        "credit_unit": "hours",
        "result_name": "Final quiz",
        "result_value": 60 + (learner + nth) % 40,
        "result_type": "Percent",
    }


def achievement_of(learner, nth):
    """The core module first, then modules of a programme, all of them one learner in ten, then others."""
    parts = parts_of(learner % PROGRAMMES)
    taken = PARTS if learner % 10 == 0 else PARTS - 1
    if nth == 0:
        return CORE
    if nth <= taken:
        return parts[nth - 1]
    others = MODULES - PROGRAMMES * PARTS
    return module(PROGRAMMES * PARTS + (learner * 31 + nth * 17) % others)


if __name__ == "__main__":
    main()
