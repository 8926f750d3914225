#include "core/script.h"

#include <string.h>

/* Traditional and simplified, in pairs. A whole dictionary is not needed to recognise a
 * refusal or a boast. */
static const char scripts[] =
    "訂订閱阅復复覆复發发絕绝煩烦擾扰舉举報报訴诉請请別别錯错謝谢單单電电話话"
    "簡简訊讯資资號号碼码們们個个這这裡里麼么為为還还沒没無无給给讓让說说許许"
    "認认識识誰谁機机車车買买賣卖貴贵換换會会來来對对時时間间聯联繫系絡络關关"
    "閉闭開开啟启結结終终斷断廣广騙骗詐诈滾滚務务員员貨货質质維维護护養养驗验"
    "預预約约過过進进遠远後后當当應应該该實实點点問问題题幫帮難难勞劳總总經经"
    "門门邊边兩两裏里妳你騷骚爲为優优銷销價价樣样罵骂嗎吗氣气處处從从條条壞坏"
    "離离銀银險险辦办僅仅"
    "獨独極极強强頂顶級级國国際际業业專专劃划萬万領领軍军遙遥參参創创譽誉歡欢"
    "術术藝艺區区華华選选產产億亿積积標标準准競竞廠厂熱热龍龙飛飞證证長长動动"
    "現现場场節节課课層层輛辆臺台種种類类筆笔張张環环滿满";

/* Each of them has three bytes in UTF-8. */
#define WIDTH 3

gunichar
script_simplify(gunichar c)
{
	char one[6];

	if (c < 0x3400 || g_unichar_to_utf8(c, one) != WIDTH)
		return c;
	for (const char *p = scripts; *p != '\0'; p += 2 * WIDTH)
		if (memcmp(p, one, WIDTH) == 0)
			return g_utf8_get_char(p + WIDTH);
	return c;
}
