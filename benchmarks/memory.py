"""Peak memory of the course's DCGAN with 60,000 images, each run in a separate process.

Fashion-MNIST has 60,000 images; data/README.md explains how to get it without a network.

    python benchmarks/memory.py
"""

import resource
import subprocess
import sys

from report import markdown, publish

BAR = 3.0
STEPS = 300


def task(name: str) -> None:
    """Run one task in this process."""
    from gan_utils.classifiers.images import ImageClassifier
    from gan_utils.datasets import load_fashion_mnist
    from gan_utils.generative.dcgan import BATCH_SIZE, build_dcgan
    from gan_utils.scorecard import score_images

    data = load_fashion_mnist()
    if name == "classifier and scorecard":
        judge = ImageClassifier().fit(data.images, data.labels)
        made = data.images[:1000]
        score_images(data.images, made, classifier=judge, held_out=data.test_images)
        return
    n_classes = 10 if name.endswith("classes") else None
    model = build_dcgan(STEPS, n_classes=n_classes)
    labels = {} if n_classes is None else {"labels": data.labels}
    model.fit(data.images, batch_size=BATCH_SIZE, steps_per_epoch=STEPS, verbose=0, **labels)
    model.sample(10_000, random_state=0)


TASKS = ("DCGAN", "DCGAN with classes", "classifier and scorecard")


def peak(name: str) -> float:
    """Run a task in a separate process and return its peak memory in GiB."""
    code = f"import memory; memory.task({name!r}); print(memory.own_peak())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=sys.path[0],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return float(done.stdout.split()[-1])


def own_peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def main() -> None:
    peaks = {name: peak(name) for name in TASKS}
    rows = [[name, f"{gib:.2f}"] for name, gib in peaks.items()]
    table = markdown(["with 60,000 images of 28 x 28", "peak memory, GiB"], rows)
    publish("memory", f"{table}\n\nTarget: at most {BAR:g} GiB.")


if __name__ == "__main__":
    main()
