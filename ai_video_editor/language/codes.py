"""Names of languages: two letters as recognisers say them, three as MP4 files hold them."""

from __future__ import annotations

import re

UNKNOWN = "und"
"""ISO 639-2 for a language that nobody determined."""

_CODES = """
    af=afr am=amh ar=ara as=asm az=aze ba=bak be=bel bg=bul bn=ben bo=bod br=bre bs=bos ca=cat
    cs=ces cy=cym da=dan de=deu el=ell en=eng es=spa et=est eu=eus fa=fas fi=fin fo=fao fr=fra
    gl=glg gu=guj ha=hau he=heb hi=hin hr=hrv ht=hat hu=hun hy=hye id=ind is=isl it=ita ja=jpn
    jv=jav jw=jav ka=kat kk=kaz km=khm kn=kan ko=kor la=lat lb=ltz ln=lin lo=lao lt=lit lv=lav
    mg=mlg mi=mri mk=mkd ml=mal mn=mon mr=mar ms=msa mt=mlt my=mya ne=nep nl=nld nn=nno no=nor
    oc=oci pa=pan pl=pol ps=pus pt=por ro=ron ru=rus sa=san sd=snd si=sin sk=slk sl=slv sn=sna
    so=som sq=sqi sr=srp su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha tk=tuk tl=tgl tr=tur
    tt=tat uk=ukr ur=urd uz=uzb vi=vie yi=yid yo=yor zh=zho
"""
"""The languages Whisper knows, ISO 639-1 to 639-2/T (ISO 14496-12 names a track by the latter)."""

_THREE: dict[str, str] = dict(re.findall(r"(\w\w)=(\w{3})", _CODES))


def three_letters(language: str) -> str:
    """The ISO 639-2 code of a language tag such as "en", "en-US" or "haw"; "und" where unknown."""
    first = language.strip().lower().replace("_", "-").partition("-")[0]
    if len(first) == 3 and first.isascii() and first.isalpha():
        return first
    return _THREE.get(first, UNKNOWN)
