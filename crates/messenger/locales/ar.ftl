## The panel

support = الدعم
close = إغلاق
back = العودة إلى كل الطلبات
connecting = جارٍ الاتصال…
signing-in-again = جارٍ تسجيل دخولك من جديد… ما كتبته محفوظ هنا.
try-again = إعادة المحاولة
reconnecting = لا يوجد اتصال. جارٍ إعادة الاتصال…
reconnect-now = المحاولة الآن
loading = جارٍ التحميل…
signed-in-as = الحساب: { $email }
signed-out-title = تم تسجيل خروجك
signed-out-text = سجّل الدخول من جديد في الموقع لمتابعة طلباتك.
visitor-title = يرجى تسجيل الدخول
visitor-text = للكتابة إلى { $app }، سجّل الدخول في الموقع الذي أتيت منه، ثم افتح هذه النافذة من جديد.
unknown-app-title = الدعم غير متاح هنا
unknown-app-text = تشير هذه الصفحة إلى خدمة دعم غير موجودة. يرجى إبلاغ القائمين على الموقع.

## Requests

requests-title = طلباتك
new-request = طلب جديد
new-request-title = كيف يمكننا مساعدتك؟
new-request-hint = صف سؤالك أو مشكلتك. ستصلك الإجابة هنا مباشرة.
unread = جديد
status-open = مفتوح
status-closed = مغلق

## Conversation

conversation = المحادثة
composer-label = رسالتك
composer-placeholder = اكتب رسالة…
composer-disabled = يمكنك الإرسال فور تسجيل دخولك من جديد.
send = إرسال الرسالة
you = أنت
sending = جارٍ الإرسال…
sent = تم الإرسال
not-sent = لم تُرسل.
seen = تمت القراءة
new-messages = رسائل جديدة
reopens = هذا الطلب مغلق. أي رسالة جديدة تعيد فتحه.
announcement = { $app }: { $body }
characters-remaining =
    { $count ->
        [zero] لم يتبقَّ أي حرف
        [one] تبقّى حرف واحد
        [two] تبقّى حرفان
        [few] تبقّت { $count } أحرف
        [many] تبقّى { $count } حرفًا
       *[other] تبقّى { $count } حرف
    }
characters-too-many =
    { $count ->
        [zero] لا توجد أحرف زائدة.
        [one] هناك حرف زائد واحد. يرجى اختصار رسالتك.
        [two] هناك حرفان زائدان. يرجى اختصار رسالتك.
        [few] هناك { $count } أحرف زائدة. يرجى اختصار رسالتك.
        [many] هناك { $count } حرفًا زائدًا. يرجى اختصار رسالتك.
       *[other] هناك { $count } حرف زائد. يرجى اختصار رسالتك.
    }
typing = { $name } يكتب الآن…
away = نحن غير متاحين حاليًا. اترك رسالة وسنرد عليك.

## What went wrong

failure-network = تعذّر الوصول إلينا. تحقّق من اتصالك.
failure-timeout = استغرقت الاستجابة وقتًا طويلًا. تحقّق من اتصالك.
failure-unreadable = تلقّينا استجابة غير مفهومة. يرجى المحاولة بعد قليل.
failure-rate-limited = محاولات كثيرة في وقت قصير. يرجى الانتظار قليلًا.
failure-session-ended = انتهت جلستك.
failure-not-found = لم يعد هذا الطلب موجودًا.
failure-too-large = الرسالة طويلة جدًا.
failure-not-accepted = لم تُقبل الرسالة.
failure-internal = حدث خطأ من جانبنا. يرجى المحاولة بعد قليل.

## Signing in by email and code

signin-title = تسجيل الدخول بالبريد الإلكتروني
signin-email-label = البريد الإلكتروني
signin-email-invalid = يرجى إدخال بريد إلكتروني صحيح.
signin-continue = متابعة
signin-code-title = إدخال الرمز
signin-code-sent = أرسلنا رمزًا إلى { $email }.
signin-code-label = رمز من 6 أرقام
signin-code-wrong = الرمز غير صحيح أو انتهت صلاحيته.
signin-send-again = إعادة الإرسال
signin-send-again-in = إعادة الإرسال بعد { $seconds } ث
signin-other-address = استخدام عنوان آخر
signin-text = نرسل إليك رمزًا من ستة أرقام. لا حاجة إلى كلمة مرور.
signin-sending-code = جارٍ إرسال الرمز…
signin-submit = تسجيل الدخول
signin-submitting = جارٍ تسجيل الدخول…
signin-sent-again = رمز جديد في الطريق إليك. الرمز السابق لم يعد صالحًا.
signin-code-malformed = يتكون الرمز من ستة أرقام. يرجى مراجعة الرسالة مرة أخرى.
signin-signed-out = تم تسجيل خروجك.
signin-expired = انتهت جلستك. يرجى تسجيل الدخول مرة أخرى: ما كتبته محفوظ.
office-hours = ساعات العمل:
sign-out = تسجيل الخروج

## Files, sound

waits = لم تُرسل بعد. ستُرسل عند عودة الاتصال.
attach = إرفاق ملفات
drop-files = أفلت الملفات هنا
attached-files = الملفات المرفقة
remove-file = إزالة { $name }
uploading = جارٍ رفع { $name }
upload-failed = لم يُرفع الملف.
file-too-large = الملف كبير جدًا. الحد الأقصى للملف هو { $size }.
file-type = لا يمكن إرفاق ملفات من هذا النوع.
file-empty = هذا الملف فارغ.
files-too-many =
    { $count ->
        [zero] لا يمكن إرفاق ملفات بالرسالة.
        [one] يمكن إرفاق ملف واحد بالرسالة.
        [two] يمكن إرفاق ملفين بالرسالة.
        [few] يمكن إرفاق { $count } ملفات بالرسالة كحد أقصى.
        [many] يمكن إرفاق { $count } ملفًا بالرسالة كحد أقصى.
       *[other] يمكن إرفاق { $count } ملف بالرسالة كحد أقصى.
    }
download = تنزيل { $name }
sound-on = تشغيل الصوت
sound-off = إيقاف الصوت
