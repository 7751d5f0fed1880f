r"""What prose may use: a list of what is allowed, because a list of what is forbidden is never complete.

Each group says where its commands may stand, how many arguments they take, and why it is allowed: nothing in it
defines a command, reads or writes a file, repeats, changes a setting beyond its own text, or moves ink onto the text
of others.  docs/format.md prints the same list; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal["text", "mathematics", "anywhere"]
Check = Literal["", "length", "colour", "address", "columns", "count"]


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Commands alike: where they stand, what they take, and why they are allowed.

    inside: what their arguments are, if not what stands around them; check: what their first argument must be.
    """

    what: str
    where: Where
    why: str
    names: tuple[str, ...]
    arguments: int = 0
    inside: Literal["", "text", "mathematics"] = ""
    check: Check = ""


@dataclass(frozen=True, slots=True)
class EnvironmentGroup:
    """Environments alike; `inside`: what their contents are; columns: whether `&` may stand in them."""

    what: str
    where: Where
    why: str
    names: tuple[str, ...]
    inside: Literal["text", "mathematics"]
    columns: bool = False
    arguments: int = 0
    check: Check = ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OWN_TEXT = "ends with its text"
SIGN = "a sign"

COMMANDS = (
    CommandGroup(
        "type and size, to the end of the text", "text", OWN_TEXT,
        _words("""tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge bfseries mdseries itshape
        scshape upshape rmfamily sffamily ttfamily normalfont em centering raggedright raggedleft"""),
    ),
    CommandGroup("colour, to the end of the text", "anywhere", OWN_TEXT, ("color",), 1, check="colour"),
    CommandGroup("words in a colour", "anywhere", "sets its words alone", ("textcolor",), 2, check="colour"),
    CommandGroup(
        "words in another type", "anywhere", "sets its words alone",
        _words("""textbf textit textrm textsf texttt textsc textup textmd textnormal emph text mbox fbox
        textsuperscript textsubscript"""), 1, "text",
    ),
    CommandGroup("words beneath a line", "anywhere", "sets its words alone", ("underline",), 1),
    CommandGroup("a note at the foot of the page", "text", "prose has notes", ("footnote",), 1, "text"),
    CommandGroup("an address to read", "text", "web and mail addresses only", ("url",), 1, check="address"),
    CommandGroup("words that lead to an address", "text", "web and mail addresses only", ("href",), 2, check="address"),
    CommandGroup(
        "items, lines and paragraphs", "text", "within their own text",
        _words("item par newline linebreak nolinebreak noindent indent smallskip medskip bigskip hfill"),
    ),
    CommandGroup(
        "spaces", "anywhere", "their width is fixed",
        _words("quad qquad enspace thinspace medspace thickspace negthinspace allowbreak nobreak"),
    ),
    CommandGroup(
        "spaces of a given length", "text", "from -1em to 20cm, so that nothing is set onto other text",
        _words("hspace hspace* vspace vspace*"), 1, check="length",
    ),
    CommandGroup("a box of lines", "text", "its width is a length", ("parbox",), 2, "text", "length"),
    CommandGroup(
        "signs of text", "text", SIGN,
        _words("""S P copyright pounds dag ddag ss ae AE oe OE o O aa AA l L i j th TH dh DH dj DJ ng NG SS TeX LaTeX
        slash textdegree textbullet textendash textemdash textellipsis textquotedblleft textquotedblright textquoteleft
        textquoteright textquotedbl quotedblbase quotesinglbase guillemotleft guillemotright guilsinglleft
        guilsinglright textasciitilde textasciicircum textbackslash textbar textless textgreater textunderscore
        textbraceleft textbraceright textdollar texteuro textregistered texttrademark textsection textparagraph
        textperiodcentered textexclamdown textquestiondown textasciigrave textquotesingle"""),
    ),
    CommandGroup("accents of text", "text", "set over one letter", _words("c v H u d b k r t"), 1, "text"),
    CommandGroup("rules of tables", "text", "within their table", _words("hline toprule midrule bottomrule")),
    CommandGroup("a rule of a table under some columns", "text", "within its table", ("cline",), 1, check="count"),
    CommandGroup("cells side by side as one", "text", "within its table", ("multicolumn",), 3, check="count"),
    CommandGroup(
        "Greek letters", "mathematics", SIGN,
        _words("""alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi
        pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta Lambda Xi Pi
        Sigma Upsilon Phi Psi Omega varGamma varDelta varTheta varLambda varXi varPi varSigma varUpsilon varPhi varPsi
        varOmega"""),
    ),
    CommandGroup(
        "letters and other single signs", "mathematics", SIGN,
        _words("""ell hbar hslash imath jmath wp Re Im aleph beth partial nabla infty emptyset varnothing forall exists
        nexists neg lnot top bot angle triangle square Box blacksquare Diamond checkmark flat sharp natural prime
        backprime backslash surd clubsuit diamondsuit heartsuit spadesuit bigstar complement mho eth colon
        blacktriangle lozenge diagdown diagup"""),
    ),
    CommandGroup(
        "operators between two things", "mathematics", SIGN,
        _words("""pm mp times div cdot ast star circ bullet odot oplus ominus otimes oslash cap cup uplus sqcap sqcup
        wedge vee land lor setminus smallsetminus wr diamond bigtriangleup bigtriangledown triangleleft triangleright
        dagger ddagger amalg ltimes rtimes boxplus boxminus boxtimes boxdot circledast circledcirc dotplus centerdot
        bmod intercal barwedge veebar Cap Cup"""),
    ),
    CommandGroup(
        "relations and arrows", "mathematics", SIGN,
        _words("""le leq ge geq ne neq ll gg lll ggg equiv sim simeq approx cong doteq propto prec preceq succ succeq
        subset subseteq supset supseteq sqsubseteq sqsupseteq subsetneq supsetneq nsubseteq in ni notin owns mid nmid
        parallel nparallel perp models vdash dashv asymp bowtie smile frown leqslant geqslant lesssim gtrsim approxeq
        lessgtr nless ngtr nleq ngeq triangleq coloneqq eqqcolon Coloneqq vcentcolon thickapprox thicksim varpropto
        preccurlyeq succcurlyeq therefore because to gets leftarrow rightarrow leftrightarrow Leftarrow Rightarrow
        Leftrightarrow longleftarrow longrightarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow
        mapsto longmapsto hookleftarrow hookrightarrow uparrow downarrow updownarrow Uparrow Downarrow Updownarrow
        nearrow searrow swarrow nwarrow leftharpoonup rightharpoonup leftharpoondown rightharpoondown
        rightleftharpoons leftrightarrows twoheadrightarrow rightsquigarrow leadsto implies impliedby iff nrightarrow
        nleftarrow upharpoonright restriction"""),
    ),
    CommandGroup(
        "brackets", "mathematics", SIGN,
        _words("""langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack
        lgroup rgroup ulcorner urcorner llcorner lrcorner"""),
    ),
    CommandGroup(
        "brackets of a size", "mathematics", "grow with what they hold; `\\left` and `\\right` in pairs",
        _words("""left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr biggm Biggl Biggr
        Biggm"""),
    ),
    CommandGroup("dots", "anywhere", SIGN, _words("dots ldots")),
    CommandGroup("dots of formulas", "mathematics", SIGN, _words("cdots vdots ddots dotsc dotsb dotsm dotsi dotso")),
    CommandGroup(
        "named functions", "mathematics", SIGN,
        _words("""arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf
        limsup ln log max min Pr projlim sec sin sinh sup tan tanh"""),
    ),
    CommandGroup(
        "sums, products and their kin", "mathematics", SIGN,
        _words("""sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigoplus bigotimes
        biguplus"""),
    ),
    CommandGroup("limits above and below", "mathematics", "after a sum or its kin", _words("limits nolimits")),
    CommandGroup(
        "size and style of formulas", "mathematics", "end with their formula",
        _words("displaystyle textstyle scriptstyle scriptscriptstyle"),
    ),
    CommandGroup("no number", "mathematics", "typed equations have none", _words("notag nonumber")),
    CommandGroup("a mark in place of a number", "mathematics", "a mark that is no number", ("tag", "tag*"), 1, "text"),
    CommandGroup("words between lines", "mathematics", "words", _words("intertext shortintertext"), 1, "text"),
    CommandGroup("a stroke through a relation", "mathematics", SIGN, ("not",)),
    CommandGroup(
        "accents of formulas", "mathematics", "set over their argument",
        _words("""hat bar tilde vec dot ddot dddot acute grave breve check mathring widehat widetilde overline
        overbrace underbrace overrightarrow overleftarrow underrightarrow"""), 1,
    ),
    CommandGroup(
        "alphabets", "mathematics", "set their argument alone",
        _words("mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathnormal bm boldsymbol pmb"), 1,
    ),
    CommandGroup("functions by name", "mathematics", "set the name", _words("operatorname operatorname*"), 1),
    CommandGroup("a root", "mathematics", "sets its argument", ("sqrt",), 1),
    CommandGroup(
        "fractions, and things above each other", "mathematics", "set their arguments alone",
        _words("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel"), 2,
    ),
    CommandGroup("lines under a sign", "mathematics", "set their argument", ("substack",), 1),
    CommandGroup("arrows with words", "mathematics", "set their argument", _words("xrightarrow xleftarrow"), 1),
    CommandGroup("a frame", "mathematics", "set around its argument", ("boxed",), 1),
    CommandGroup("room for what is not shown", "mathematics", "shows nothing", _words("phantom hphantom vphantom"), 1),
    CommandGroup("remainders", "mathematics", "set their argument", _words("pmod pod"), 1),
    CommandGroup("kinds of signs", "mathematics", "space around one sign", _words("mathbin mathrel mathop mathord"), 1),
    CommandGroup("mathematics for sure", "anywhere", "a formula", ("ensuremath",), 1, "mathematics"),
)  # fmt: skip

ESCAPES_ANYWHERE = frozenset("%$&#_{}") | frozenset(" \n,;:!/")
ESCAPES_OF_TEXT = frozenset("-@\\")
ESCAPES_OF_MATHEMATICS = frozenset("|>\\")
ACCENT_ESCAPES = frozenset("'`^\"~=.")

ENVIRONMENTS = (
    EnvironmentGroup("lists", "text", "at most four in each other", _words("itemize enumerate description"), "text"),
    EnvironmentGroup(
        "paragraphs", "text", "within their own text",
        _words("center flushleft flushright quote quotation verse"), "text",
    ),
    EnvironmentGroup("a box of lines", "text", "its width is a length", ("minipage",), "text", False, 1, "length"),
    EnvironmentGroup("tables", "text", "columns are letters and widths", ("tabular",), "text", True, 1, "columns"),
    EnvironmentGroup(
        "formulas on lines of their own", "text", "take no number",
        _words("equation equation* displaymath multline multline* gather gather* math"), "mathematics",
    ),
    EnvironmentGroup(
        "aligned formulas", "text", "take no number",
        _words("align align* flalign flalign* eqnarray eqnarray*"), "mathematics", True,
    ),
    EnvironmentGroup(
        "aligned formulas in pairs", "text", "take no number",
        _words("alignat alignat*"), "mathematics", True, 1, "count",
    ),
    EnvironmentGroup(
        "lines within a formula", "mathematics", "within their formula",
        _words("""aligned split gathered cases dcases rcases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix
        psmallmatrix bsmallmatrix"""), "mathematics", True,
    ),
    EnvironmentGroup(
        "pairs within a formula", "mathematics", "within its formula",
        ("alignedat",), "mathematics", True, 1, "count",
    ),
    EnvironmentGroup(
        "a table of formulas", "mathematics", "columns are letters",
        ("array",), "mathematics", True, 1, "columns",
    ),
)  # fmt: skip
