"""Small workbooks for tests, built here so that no test depends on a file from elsewhere."""

import base64
import io
import zipfile
import zlib

from openpyxl import Workbook

HEADER = ("เลขรหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ตรอก", "ซอย", "ถนน", "รหัสแขวง", "แขวง", "สถานะ")


def house(code="10159000010", house_no="1", *, soi="เทอดไท 5", road="เทอดไท", status="ปกติ", **other):
    """A row of the central register's extract."""
    where = {"moo": None, "trok": None, "subdistrict_code": "101503", "subdistrict": "บางยี่เรือ"} | other
    return [
        code, house_no, where["moo"], where["trok"], soi, road, where["subdistrict_code"], where["subdistrict"], status,
    ]  # fmt: skip


def houses(count, *, first=0, **parts):
    """As many rows with house codes and numbers of their own."""
    return [house(f"1015{first + n:07d}", f"{first + n + 1}", **parts) for n in range(count)]


def xlsx(rows, *, title="ทะเบียนบ้าน", top=1, left=1, **more_sheets) -> bytes:
    """A workbook with the rows on its first sheet, beginning at that row and column, and further sheets by title."""
    book = Workbook()
    book.active.title = title
    _fill(book.active, rows, top, left)
    for name, more in more_sheets.items():
        _fill(book.create_sheet(name), more, 1, 1)
    return _saved(book)


def extract(rows, *, header=HEADER) -> bytes:
    """An extract of the central register: header and rows."""
    return xlsx([header, *rows])


def csv_text(rows, delimiter=",") -> str:
    """The rows as CSV, an empty cell where there is None."""
    return "".join(delimiter.join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """A copy of a workbook in which one part of the zip is another, or a further one."""
    old, copy = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return copy.getvalue()


def _fill(sheet, rows, top, left):
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=left):
            if value is not None:
                sheet.cell(number, column, value)


def _saved(book) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def old_excel() -> bytes:
    """An .xls of Excel 97: on sheet "บ้าน", B3:C3 "บ้านเลขที่", "ซอย"; B4 "12/5", C4 5; B5 42, C5 "อิสรภาพ 17/1"."""
    return zlib.decompress(base64.b85decode(_OLD_EXCEL))


# Nothing in the project writes this format, so LibreOffice saved it once; zlib and base 85.
_OLD_EXCEL = (
    "c-rk(U2IfE6h3qJc6+xi)7wI!EU>P{O6d<!DpI4^g#xxlQ-k;u(?piKg_WhdDK&u@brE?nkZ5?o2NFZl2cwBUA<+j-Y~Og$=u00oniQT"
    "i7_%CUA)#HrbMD--EN#*)g!t2Qb7tnAnKNhR%sFSyeEUt!<oQp+m#7FHqySClLli8aDWK#3xI~trP3QA@pPXNWe-%ubn$OV2`IQ0r%*)"
    "NWhD^N(|4rCKX?!CTrCl_HdYFz;DX<(CQ#jvzc&6t$ZoaT6f8p{uesdfT0E_*fV?FzS1+WrW1zZBuz-sRbpc-H;a4B#Zuug1(Xa%qyxD"
    "pr!t}=4hn3^$)_T9h+L%Roc<6^wIqY!d%ior7ae92dQ<Z||xU=bhN<6;+=f&G+W+vtv`2BLQgcE}pyiq|j(Bi)9UqH~~X`bel>NV!d{4"
    "-lhhr?Kc~t(dI+w3H1}YGVG+gy(yqv{QtB5G#L6oIp{z>ZUlQC`tPf2a^~Pri<)fugM7Z4z*o+c+{=*M(ipYWgmMaF_ajNrzXXBM(I!S"
    "2_MFyOlNkX|1m$hRU)1Kcl1%{ZZ<u)c;j=$^!0PlTj!uR&p{8}L_cG}ud<Zq+RX-}uE_?auFcv~FU^)qy)0Xn-zWBa5|Q@;2WzrbSoiA"
    "9dZj)E4^{Zal>;Q&ds@*IdXD3CZjVR{=IY4{@_yc4h#gd!V^8`L{@~DYg}CpGsTj%_MSgR=$nW3=a1hy@zYzSd(W7!>*m6V6EF`8IwWU"
    "|+ExJbsNLA`K-Jmh1ee=dGRixVVeY#n%)lm$N=qUVTD{VxX#~cprw!K?sz^MaXKcPBPTYMFHA<MlXWL05PFJQCm<TbKE7t^(MufB5m{&"
    "3gxLeE}*yig-6o?6v$^o-lh!qFn->oV5A%1#LF4Jq%P;s2>?T|v8Prk(3rU(h~}&=bO{NDjt=v{qGL6+AJ%Z?em;6+ML>hhC9wlX}ysH"
    "apcKvrM@8a&|0NRu;fKUYx5IT3{BMT|}FLa+%kg+xxTdr_5hK`dHqp7XNYIa`R_P-}`2yEq%P6U+4+u$@O@;&N;@A*d8z<w@H!&JJ%%i"
    "P|lqt5wWO3_?U-x`mj|?p9Z~XPV|uIj%baM=nDWGfE6Ba3MW#2@>5Y-?xc`y1S-57%5^NyFTJkaoU=Th92ia?Ne_-hcO4x_q@oXOZQC2"
    ")pGc(=Vs|@|gM*#7lDjF-9TyDKc@pEAWnP**`R?ym`wqGvyzNlSx(na&k-TGaJ7tv2ZqQ@$ynds;gC^e_F*#q><b9`1uK4p5;qLT!(wW"
    "3i=Gf5`%Z!-*O=fN%Zfala__golA5~%dcJH4l*2LEn=QgZz&z!~nTd#h&lO3vv)^GAuKMuMDdwk5~#SBr?-)Z_|1-UcpYI`R0bYl2OGC"
    "g#oj#$4P8`|lg3b*t9C;BV$q1kv?r`eF#eg@Kq=@2q5UdN%5*Iz54%+qtegm=|M(D##W$UTe<w-0N0aY6C}1#htV@T>;*&iH8`^1;M{&"
    "yPcSsqeptd8<iQN>9>D*#BYVrF{0iu!2E36Q+zHUrmEDH#8afWhLnUF5tx(`8y$DK-Q2D3oLCtoeS9iTHt$&?|*^60Ss*rr2"
)


def old_excel_with_marks() -> bytes:
    """Another .xls: A1:B1 "บ้านเลขที่", "ซอย"; a date shown d/m/yyyy, #N/A; row 3 hidden: "12/5", 50 %; 007, true."""
    return zlib.decompress(base64.b85decode(_OLD_EXCEL_WITH_MARKS))


_OLD_EXCEL_WITH_MARKS = (
    "c-rk3U2Icj^nCZ;wYS}N+YJU=fm(-SW9wK4L1z@#G0-j1%pm^6ERj+=sB~>pW@IsH5qU9?NO+J35<@b<#KfPN;DaV^ZzO8;g$Io$gC_|-"
    "RHHE@uGe$U{aWs7o3w?Hs5>|3e)pd5=bZ2SeCK@MecQ5l{uAF-D1nDSg}mtkhm9r>^}>%AK#{b(X_^JHxdQ(xSduN-"
    "P(%AQAd=0U(ylJquE2j2_CN}s83@2`NMf6TS*QippvTzPt7cBV%5l}g3jg}~)A>#3xQbXB|8&+<{JRkw5t|U35e-C-"
    "l>(pzu@!L@;%dY;_6dNsi0z0Sh(5%1i0ctINdEW8mar4QHzM9AX`8U^UO9K}3b=H%qN4#mZ~mH0&bGgb9`UiZz<zNJaT3zx8>5j#G;p_IC(95K"
    "B*Q#9=??r7a1N;ke8ki*_`QR@4<QVJA?eZ2DPflV6u&$9Z2-"
    ";xjOYBoltJ*rkL=}da}Wq{icyF_0^+bA&%rp3@WEw@uh)45MTZ#S9vXE!y?(6;<|xJ<izQ>3NW!l*!+R8O2L`4GW)b|F6E2XLp)S9s!$peEP$;"
    "y>F*XN(m;qZn&j*N3Y?%Igb#$dhI{feGbEvy=dhWBv=Su0DE6{@#=)D!_uCjDM4`F$<Qu>7o^o#$XpHc893nsPRtjcXm*1>ISR^xV6*2(SaY=g"
    "Ov<K+aN^g1O5(1gzzH?|rb#z|aO;IklfM1Z}g1l)k<DKF&qFgHi89jv5MxF^_g8#Lx9a=%2c*WsAJJfqKxFuud!|J7?{8XYr^j+sRN6O+wfFu+"
    "+#<&0DmBy4mUim}$%Zj2c!h(@E|=roY&;MRfdCJxl$l4hl@sNRNn%babpRVcq%=b(4lIoO1fAHW^a$<e~QKs`YJ==vMi?)MG9!1U~`8xeGob|E"
    "N^Vb6lr%QO1;{RWRM<j3Podz0Urit~RS?zVmR6u)!Bn{D6c@jP>(RKVI-kXul+H#v?k>{}czv;v;S9vxogZG(7A_sE?ZAWb5(zOH!XchEYegok"
    "OO3{A1o0+Obdj9cPb!Kw~G{t5h}0k5H+1#2LAT0#AG@D513y<EdsBC0Ur=7|a~qsWP*zBTZb{8PEW@UxlP@y}u*Y|ALHLHq(w(h9jT%Wyeex*q"
    "M{18OeB9JE{y(_J}lnNmpsH_xLv6akMYt#HX<<r{#9*$`CJcvz+a1B8R<w+D6mLZVQfxnbFzI&Z3OtA_LHiWR3;*P~Q3JrR#)Qb$r#GlAVlqp?"
    "Kb!3X;HM)t=Ni5R=+&iK^S(CyTY!g7SVA#VcvVVQMd@x;5o-JCe&{ou3?echjaPYORPYfB+jNWM5G>&!{1oI|qSoRKwWR@R*-"
    "rPp3x0yaL)Nu^`S^z6|D@$}37kX*X}rQg}>8;$rYKMDKyo!&o3%aw1goZGU_d*&V7fAHpqyQm5%p-"
    "sv<xo|FeZF_uNo^~8@vVTbShi$bx>1rgMekPVV5>F+U>xlHbZOdRq`S0ZYkL54%;c|0STNFHt+%s?(D=w1baLxK}#oa1$pJomBs+XMwKOIHB(^"
    "%n7pbRh8#b34E!K#@<b{Q|m$pqGevAW}rj>cN=e*t+{<Ej*%f|qdr(^!|1?Z?pzrr0J#nZbHBg_O$BBl$Pfp#OUjFBkdmLJm=uA;un9n><5x?7"
    "s`~{gwMa!{1_P80Y"
)


# --- workbooks as their XML says ---

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_xml(*rows: str, after: str = "") -> str:
    """The XML of a sheet whose rows hold that XML, and what stands after the rows."""
    data = "".join(f"<row>{row}</row>" for row in rows)
    return f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'


def xlsx_of(sheet: str, *, strings: str = "", styles: str = "") -> bytes:
    """A workbook of one sheet "บ้าน" with that XML, and with those shared strings and number formats."""
    data = with_part(xlsx([["a"]], title="บ้าน"), "xl/worksheets/sheet1.xml", sheet)
    if strings:
        data = with_part(data, "xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{strings}</sst>')
    return with_part(data, "xl/styles.xml", f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>') if styles else data


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = " ".join(f'xmlns:{part}="{_ODF}:{part}:1.0"' for part in ("office", "table", "text", "style"))


def ods(*tables: str, styles: str = "") -> bytes:
    """An .ods with those tables; `ods_table` and `ods_cell` write them."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_NAMESPACES} xmlns:calcext="urn:calcext">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return packed.getvalue()


def ods_table(*rows: str, name: str = "บ้าน", **attributes: str) -> str:
    """A table of rows; each is the XML of its cells, or the whole row."""
    body = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    more = "".join(f' table:{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<table:table table:name="{name}"{more}>{body}</table:table>'


def ods_cell(text: str = "", *, kind: str = "string", more: str = "") -> str:
    """A cell that shows the text; `more` are further attributes."""
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'


# Formats of cells as styles of a workbook: general, dates of several countries, percent, a fraction, Thai years.
STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="[$-D07041E]d/m/bbbb"/><numFmt numFmtId="171" formatCode="bbbb"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 9, 13, 71, 170, 171, 49))
    + "</cellXfs>"
)
