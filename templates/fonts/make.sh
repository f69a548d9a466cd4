#!/bin/sh
# Makes the fonts of this folder from Debian's packages fonts-noto-core and fonts-noto-cjk (and fonttools).
# Run it in this folder. Same packages, same bytes.
set -eu
noto=/usr/share/fonts/truetype/noto
cjk=/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc
export SOURCE_DATE_EPOCH=0

latin=U+0020-007E,U+00A0-024F,U+0259,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+1F00-1FFF
marks=U+2010-2027,U+2030-205E,U+2070-209C,U+20A0-20BF,U+2100-214F,U+2150-218B,U+2190-2193,U+2212,U+25CC,U+FB00-FB06,U+FFFD

subset() { # file, name, unicodes, more options
  in=$1 out=$2 chars=$3; shift 3
  pyftsubset "$in" --output-file="$out" --unicodes="$chars" --no-hinting --desubroutinize --layout-features='*' \
    --name-IDs='0,1,2,3,4,5,6,13,14' --no-recalc-timestamp --drop-tables+=DSIG,FFTM --notdef-outline "$@"
}

for weight in Regular Bold; do
  subset $noto/NotoSans-$weight.ttf NotoSans-$weight.ttf "$latin,$marks" --layout-features=kern,mark,mkmk,ccmp,locl,liga
  subset $noto/NotoSansArabic-$weight.ttf NotoSansArabic-$weight.ttf U+0600-06FF,U+0750-077F,U+08A0-08FF,U+FB50-FDFF,U+FE70-FEFF,U+25CC
  subset $noto/NotoSansHebrew-$weight.ttf NotoSansHebrew-$weight.ttf U+0590-05FF,U+FB1D-FB4F,U+20AA,U+25CC
  subset $noto/NotoSansDevanagari-$weight.ttf NotoSansDevanagari-$weight.ttf U+0900-097F,U+200C,U+200D,U+25CC,U+20B9
  subset $noto/NotoSansThai-$weight.ttf NotoSansThai-$weight.ttf U+0E00-0E7F,U+25CC
done
subset $noto/NotoSansMath-Regular.ttf NotoSansMath-Regular.ttf U+2190-21FF,U+2200-22FF,U+2A7D,U+2A7E --drop-tables+=MATH
subset $noto/NotoSansSymbols2-Regular.ttf NotoSansSymbols2-Regular.ttf U+2190-21FF,U+2300-23FF,U+2460-24FF,U+25A0-27BF,U+2B00-2BFF,U+1F300-1F5FF,U+1F600-1F64F,U+1F680-1F6FF,U+1F900-1F9FF

# Chinese: GB 2312 and Big5 level 1; Japanese: JIS X 0208; Korean: KS X 1001. One weight, Japanese forms.
python3 - > cjk.txt <<'PY'
import sys
found = set(range(0x3000, 0x3100)) | set(range(0x31F0, 0x3200)) | set(range(0xFF01, 0xFF61)) | {0x3231, 0x3232, 0x2014, 0x2026, 0x30FB}
def rows(codec, first, last):
    for row in range(first, last + 1):
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([0xA0 + row, 0xA0 + cell]).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                pass
rows('gb2312', 16, 87)
rows('euc_jp', 16, 84)
rows('euc_kr', 16, 40)
for lead in range(0xA4, 0xC7):
    for trail in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
        try:
            found.add(ord(bytes([lead, trail]).decode('big5')))
        except (UnicodeDecodeError, TypeError):
            pass
sys.stdout.write(','.join('U+%04X' % c for c in sorted(found)))
PY
subset $cjk NotoSansCJK-Bold.otf "$(cat cjk.txt)" --font-number=0 --layout-features=kern,ccmp,ljmo,vjmo,tjmo
rm cjk.txt
ls -l
