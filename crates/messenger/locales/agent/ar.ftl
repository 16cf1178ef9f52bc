page-title = الطلبات · { $app }
answers-as = أنت تجيب باسم { $name }
colleague = أحد أفراد الفريق
customer = أحد العملاء

## Signing in by API key

key-title = سجّل الدخول للرد
key-text = يفتح مفتاح API طلبات تطبيقه. يبقى في علامة التبويب هذه حتى تسجّل الخروج أو تغلقها.
key-label = مفتاح API
key-missing = يُرجى إدخال مفتاح API.
key-wrong = مفتاح API هذا غير صالح. يُرجى التحقق من نسخه كاملًا.
key-revoked = لم يعد مفتاح API الخاص بك صالحًا. يُرجى تسجيل الدخول بمفتاح آخر: ما كتبته محفوظ.
key-how = ليس لديك مفتاح؟ ينشئه من يدير Thread، بالاسم الذي يراه العملاء:

## Lists

requests = الطلبات
tab-open = المفتوحة
tab-closed = المغلقة
open-empty-title = لا توجد طلبات مفتوحة
open-empty-text = تظهر الطلبات الجديدة هنا تلقائيًا.
closed-empty-title = لا توجد طلبات مغلقة
closed-empty-text = ما تغلقه يُحفظ هنا.
load-more = تحميل المزيد
new-request-from = طلب جديد من { $email }: { $body }

## Conversation

choose-title = اختر طلبًا
choose-text = تظهر رسائله هنا، ويمكنك الرد عليها.
close = إغلاق الطلب
reopen = إعادة فتح الطلب
closed = الطلب مغلق.
reopened = الطلب مفتوح من جديد.
not-changed = لم يتغير شيء.
stays-closed = هذا الطلب مغلق. رسالتك لا تعيد فتحه، أما رسالة العميل التالية فتفعل.
