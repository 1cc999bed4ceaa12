"""Descriptions of the course's diagrams."""

#: The file name of each diagram in the folder ``image``, and its alternative text.
DIAGRAMS = {
    "GAN_overview": (
        "Diagram of a GAN. Noise of 100 random numbers a row enters the generator, which turns it "
        "into fake rows. Fake rows and real rows enter the discriminator, which gives each the "
        "probability of being real. Two arrows of feedback lead back from that probability: the "
        "loss of D to the discriminator, the loss of G to the generator."
    ),
    "convolution": (
        "A kernel of 3 x 3 weights slides over an image of 5 x 5 that holds a dark bar two pixels "
        "wide. At each place the nine products are added up. The map of 3 x 3 sums is positive "
        "where it is darker to the right than to the left: 2, 3, 2 at the bar's left edge, and "
        "negative, in another colour, at its right one."
    ),
    "dcgan": (
        "Diagram of a DCGAN. Noise of 32 numbers grows through stacks of 64 maps of 7 x 7, 32 maps "
        "of 14 x 14 and 16 maps of 28 x 28 to an image of a digit. The discriminator shrinks the "
        "image through 32 maps of 14 x 14, 64 of 7 x 7 and 128 of 4 x 4 to its verdict: real or "
        "not."
    ),
    "diffusion": (
        "Two diagrams. Training: a real sample and noise are mixed, with a random share t of the "
        "real sample. A network is given the noisy sample and t, and estimates the real sample; "
        "the squared difference is its loss. Sampling: from noise, the network's estimate shows "
        "the direction of a small step, again and again, until t is 1: a new sample."
    ),
    "gan_on_images": (
        "Diagram of a GAN on digits. Noise enters the generator, which forges a five. The forged "
        "five and a real one enter the discriminator, which gives the probability of being real. "
        "The generator wants it to be wrong about forged images, the discriminator wants to be "
        "right about both."
    ),
    "judged_twice": (
        "Two diagrams. In prediction: a classifier trained on real rows labels the generated rows, "
        "and we count how many get the label they were made for. In learning: a classifier "
        "is trained on few real rows together with generated rows, and tested on real rows that "
        "were set aside at the start."
    ),
    "larger_images": (
        "Two generators on one scale. For grey images: 64 maps of 7 x 7, 32 of 14 x 14, 16 of "
        "28 x 28, and an image of 28 x 28 with one channel. For colour: 96 maps of 8 x 8, 48 of "
        "16 x 16, 24 of 32 x 32, 12 of 64 x 64, and an image of 64 x 64 with three channels."
    ),
    "letter_by_letter": (
        "Diagram of a network that reads letters one after the other and hands its state on. For "
        "each it says how likely every next letter is. In training the book says which letter "
        "comes next. In writing a letter is drawn from these probabilities, read as the next "
        "input, and so on."
    ),
    "lime": (
        "Diagram of LIME. A five, to which the classifier gives 0.90, is cut into four segments, "
        "each a stroke. Three copies with another stroke hidden in each are shown to the "
        "classifier, which gives 0.31, 0.58 and 0.97. A linear model is fitted to these answers "
        "and gives each segment a weight: blue segments speak for five, an orange one against it."
    ),
    "lstm_cell": (
        "Diagram of an LSTM cell. The cell state runs straight through: it is multiplied by the "
        "forget gate f, then the product of the input gate i and the candidate g is added. The "
        "new state is the tanh of the cell state times the output gate o. All four are computed "
        "from the letter and the state before."
    ),
    "mode_collapse": (
        "Three rings of eight modes. Real points: all eight, equally often. Bridges: all modes, "
        "and points on the way between them, where no real point is. Mode collapse: all points in "
        "one mode, whatever the noise was."
    ),
    "rebalancing_leak": (
        "Two diagrams. Wrong: the rare class is filled up first and the folds are cut afterwards, "
        "so that a test fold holds twins of training rows. Right: the folds are cut first, the "
        "rare class is filled up inside the training folds only, and the classifier is scored on "
        "real rows that nothing has touched."
    ),
    "review_judges": (
        "Diagram. Reviews, each text once, are split into training, validation and test by a hash "
        "of the text. Five classifiers learn from the training reviews. One is chosen by paired "
        "differences in accuracy on the validation reviews: the judge. It is reported once, with "
        "an interval, on the test reviews, and LIME explains which words its verdicts rest on."
    ),
    "reviews_judged_twice": (
        "Three diagrams. Made: the opinion asked for enters a word LSTM, which draws one word "
        "after another and reads each before the next. Judged in prediction: a judge, trained on "
        "real reviews and unknown to the generator, looks for the opinion asked for, as often as "
        "in real reviews of the same length? Judged in learning: a student classifier learns from "
        "few real reviews, generated ones or both, and is tested on real reviews that nobody has "
        "trained on."
    ),
    "scorecard": (
        "Diagram of the scorecard's four questions: does it look real (fidelity), is it varied "
        "(diversity), is it useful (utility), is it new (novelty). Under all four: no number "
        "without a baseline and its spread over seeds."
    ),
    "sentigan": (
        "Diagram of SentiGAN. Two generators, one of negative and one of positive sentences, and "
        "real sentences of both labels enter one discriminator with three classes: real and "
        "negative, real and positive, generated. Below: the penalty of a word. After the words 'it "
        "was a dull' the rest is drawn three times; 1 minus the discriminator's probability of the "
        "own label is 0.3, 0.5 and 1.0, and the penalty is their mean, 0.6."
    ),
    "three_judgements": (
        "Rows of two classes along an axis of probability from 0 to 1, with a threshold at 0.5. "
        "Three things can be judged: decisions (which rows are called rare; precision, recall, "
        "balanced accuracy), order (does a rare row come before a common one; ROC curve, average "
        "precision), probabilities (of rows given 0.2, are 20 % rare; Brier score, calibration)."
    ),
    "transposed_convolution": (
        "A map of 2 x 2 numbers becomes one of 5 x 5. Each number stamps a kernel of 3 x 3, times "
        "itself, every two places. Where the stamps overlap, in the middle row and column, they "
        "add up."
    ),
    "unbalanced": (
        "Two scatter plots of a common and a rare class with the border between them. Balanced: "
        "the border runs between two equal clouds. Unbalanced: only three rows of the rare class "
        "were collected, and the border cuts through rows that exist and were not collected."
    ),
    "vae_overview": (
        "Diagram of a variational autoencoder. The encoder turns a row into a code, a mean and a "
        "spread with noise; the decoder turns the code back into a row. Two feedbacks: how likely "
        "the row is given its code, and how far the codes are from a standard normal distribution. "
        "To generate, a code is drawn from that distribution and decoded."
    ),
}
