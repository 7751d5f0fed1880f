"""What the private TeX tree is made of: packages, the files kept of them, and our own three files.

Data only.  A change of anything here changes `RECIPE_ID`, hence the folder of the tree, so an old
tree is never mistaken for a new one.  The package names are Debian's (Ubuntu has the same).  Of
about 110 MB of packages some 30 MB are kept: a smaller tree has a smaller file database, which every TeX
run reads.  What our format and our pages load is kept wherever a release has it, by TeX's own record
(`tree`); the lists below only leave room for a course's own header (lists, theorems, code, tables, TikZ).
"""

from __future__ import annotations

import hashlib

# Each entry is a choice: the first name that the release knows is taken (Debian 13 and Ubuntu 24.04
# renamed libpng16-16).
PACKAGES: tuple[tuple[str, ...], ...] = (
    ("libkpathsea6",),
    ("libpng16-16t64", "libpng16-16"),
    ("texlive-binaries",),
    ("texlive-base",),
    ("texlive-latex-base",),
    ("texlive-latex-recommended",),
    ("texlive-pictures",),
    ("texlive-latex-extra",),
    ("texlive-fonts-recommended",),
    ("tex-gyre",),
    ("lmodern",),
)

# Folders of tex/latex that are kept for headers of one's own.
LATEX = frozenset(
    """
    accsupp adjustbox amscls amsfonts amsmath anyfontsize appendix arydshln atveryend auxhook base
    blkarray bold-extra bookmark booktabs braket breqn calctab cancel caption carlisle changepage
    chngcntr cite cleveref collcell collectbox colortbl comment courier csquotes currfile diagbox
    enumitem environ epstopdf-pkg esint eso-pic etex-pkg etoc etoolbox euler eurosym everysel everyshi
    extsizes fancybox fancyhdr fancyvrb filehook filemod firstaid float fontaxes footmisc footnotehyper
    framed fvextra geometry graphics graphics-cfg graphics-def grfext grffile helvetic hobsub hycolor
    hyperref hyphenat ifmtarg ifnextok ifoddpage import jknapltx kvoptions kvsetkeys l3backend
    l3experimental l3kernel l3packages lastpage latex-lab latexconfig lazylist letltxmacro lineno lipsum
    listings listingsutf8 lm ltxmisc makecell mathalpha mathtools mdframed mdwtools memory mfirstuc
    microtype minibox minted mparhack multirow natbib needspace newfloat newunicodechar ntheorem
    numprint oberdiek onlyamsmath palatino paralist parselines parskip pdfcol pdfcolmk pdfcomment
    pdflscape pdfmarginpar pdfpages pgf pgfkeyx pgfopts pgfplots pict2e placeins psnfss ragged2e
    readarray refcount relsize rerunfilecheck rotfloat sansmath scalerel sectsty setspace sidecap
    soul soulpos spath3 stackengine standalone subfig subfigure symbol tabu tabularray tabulary tcolorbox
    tex-gyre textcase textpos thmtools threeparttable tikz-cd tikzfill tikzmark tikzpagenodes times
    titlecaps titleref titlesec titling tocbibind tocloft todonotes tools totalcount totcount totpages
    translator trimspaces ucs underscore units upquote url varwidth venndiagram was wasysym wrapfig
    xargs xcolor xifthen xkeyval xltabular xpatch xtab xurl zapfding zref zref-check zref-clever
    """.split()
)

# Folders of tex/generic that are kept for headers of one's own.
GENERIC = frozenset(
    """
    alphalph atbegshi babel babel-english bigintcalc bitset catchfile config etexcmds gettitlestring
    hyph-utf8 hyphen iftex infwarerr intcalc knuth-lib kvdefinekeys ltxcmds minifp mleftright oberdiek
    pdfescape pdftex pdftexcmds pgf pgfplots soul soulutf8 stringenc tex-ini-files tikz-cd unicode-data
    uniquecounter xkeyval xstring
    """.split()
)

# Font families: the last folder of a path under fonts/{tfm,vf,type1,enc,map}/…
FONT_FAMILIES = frozenset(
    """
    amsfonts base cm cmextra courier cyrillic ec esint esint-type1 euler eurosym fpl helvetic knuth-lib
    latex-fonts lm marvosym mathpazo palatino psnfss rsfs symbol symbols tetex tex-gyre times wasy
    wasy-type1 zapfding
    """.split()
)

# Of the largest families only these faces: Pagella, and Latin Modern in the common encodings (of the
# EC fonts only the metrics that LaTeX loads before another family is chosen; they are never printed).
FACES = {
    "ec": ("ecrm", "tcrm"),
    "tex-gyre": ("qpl", "ec-qpl", "ts1-qpl", "rm-qpl", "q-ec", "q-rm", "q-ts1"),
    "lm": ("lm", "ec-lm", "ts1-lm", "rm-lm"),
}

# What an engine must find before it is called usable: our templates' packages and the faces' metrics.
REQUIRED = tuple(
    """
    article.cls amsmath.sty amssymb.sty mathtools.sty bm.sty mathpazo.sty tgpagella.sty microtype.sty
    xcolor.sty tcolorbox.sty tcbbreakable.code.tex tcbskins.code.tex tikz.sty booktabs.sty tabularx.sty
    array.sty enumitem.sty fancyhdr.sty lastpage.sty hyperref.sty bookmark.sty graphicx.sty geometry.sty
    needspace.sty etoolbox.sty accsupp.sty listings.sty titlesec.sty t1lmtt.fd fontenc.sty textcomp.sty
    ec-qplr.tfm ec-qplb.tfm ec-lmtt10.tfm fplmr.tfm zplmr7m.tfm msbm10.tfm pdftex.map glyphtounicode.tex
    """.split()
)

# The folder of the executable is the root ($SELFAUTODIR), so that the tree may be moved.  Files are
# found through the database (!!), never by walking folders.  Line lengths are the largest TeX
# accepts, so that the log is not wrapped; everything that TeX could do beyond typesetting is off.
TEXMF_CNF = """\
TEXMFROOT = $SELFAUTODIR
TEXMFDIST = $SELFAUTODIR/texmf
TEXMF = !!$TEXMFDIST
TEXMFDBS = $TEXMFDIST
SYSTEXMF = $TEXMFDIST
TEXINPUTS = .;$TEXMF/tex/{latex,generic}//
TEXFORMATS = .;$TEXMF/web2c/pdftex
WEB2C = $TEXMF/web2c
TEXPOOL = $TEXMF/web2c
TFMFONTS = $TEXMF/fonts/tfm//
VFFONTS = $TEXMF/fonts/vf//
T1FONTS = $TEXMF/fonts/type1//
ENCFONTS = $TEXMF/fonts/enc//
TEXFONTMAPS = $TEXMF/fonts/map/pdftex
GLYPHFONTS = $TEXMF/fonts
PKFONTS = $TEXMF/fonts/pk
GFFONTS = $TEXMF/fonts/gf
OPENTYPEFONTS = $TEXMF/fonts
TTFONTS = $TEXMF/fonts
MISCFONTS = $TEXMF/fonts
CMAPFONTS = $TEXMF/fonts
shell_escape = f
openin_any = p
openout_any = p
parse_first_line = f
file_line_error_style = t
main_memory = 5000000
extra_mem_top = 0
extra_mem_bot = 0
font_mem_size = 8000000
font_max = 9000
hash_extra = 600000
pool_size = 6250000
string_vacancies = 90000
max_strings = 500000
pool_free = 47500
buf_size = 200000
trie_size = 1000000
hyph_size = 8191
nest_size = 1000
max_in_open = 15
param_size = 20000
save_size = 200000
stack_size = 10000
dvi_buf_size = 16384
error_line = 254
half_error_line = 238
max_print_line = 1000000
expand_depth = 10000
"""

LANGUAGE_DAT = """\
english hyphen.tex
=usenglish
=USenglish
=american
nohyphenation zerohyph.tex
"""


def _identity() -> str:
    parts = (
        "layout 3", PACKAGES, sorted(LATEX), sorted(GENERIC), sorted(FONT_FAMILIES), sorted(FACES.items()),
        REQUIRED, TEXMF_CNF, LANGUAGE_DAT,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


RECIPE_ID = _identity()
