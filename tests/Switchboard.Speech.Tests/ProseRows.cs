namespace Switchboard.Speech.Tests;

/// <summary>What people say: it passes unchanged.</summary>
internal static class ProseRows
{
    public static TheoryData<string> Rows =>
    [
        "3 * 4 = 12", "2*3", "2*3*4 = 24", "2 * 3 * 4", "a*b", "width*height", "a * b + c", "(a + b) * c", "(a*b)*c", "2**10", "x**2 + y**2 = z**2", "5* hotel", "Terms* apply.",
        "in F♯ or B♭", "press * or #", "dial *67", "dial *123#", "press *1 or *2", "****1234", "call_me_maybe", "snake_case and other_name", "_private_var",
        "__dunder_method__", "file_path_example.py", "MAX_SIZE_LIMIT", "anna_b@example.com", "anna.b+x@mail.example.co.uk",
        "It costs $5 and $10.", "€9.99, £8 or ¥500", "on 12/05/2024 or 2024-05-12", "at 12:30 or 8 p.m.", "from 9:00-17:00",
        "Call +1 (555) 123-4567.", "030 / 12 34 56", "#1 in sales, #winning", "[sic]", "(c) and (r)", "50% off!", "a < b", "a > b", "5 > 3", "10 - 4 = 6",
        "2 + 3 = 5", "15 / 3 = 5", "well-known, twenty-one", "Wait... what?", "Yes -- no - maybe", "\"Quoted,\" she said.", "it's John's", "e.g. this, i.e. that",
        "x = 5; y = 3", "a == b and c == d", "x==y", "a === b", "~5 minutes", "about ~10", "good~", "10^6", "A/B test", "and/or", "Dr. Smith, Ph.D.", "v1.2.3", "192.168.0.1", "user@host", "@anna",
        "{name} and {{x}}", "100 % sure", "1. First", "12. Twelfth", "No. 5", "¿Qué tal? ¡Hola!", "Hello!", "Hello! How are you?", "Hm... hm!", "What?!",
        "Bonjour ! Comment allez-vous ?", "« Bonjour », dit-il.", "« Bravo » ! Super ! Non ?! Oui !!! Cent % !", "Il est 15 h 30, ou 8 h.", "Il est 15\u00a0h\u00a030\u202f!", "— Guten Tag, — sagte er.", "„Guten Tag“, sagte er.",
        "The answer is 42.\nNext line.\n\nNext paragraph.", "why who what where when how have had", "www, w and ww", "Spotkanie jest w środę, w sali nr 5.",
        "Good morning! Your appointment with Dr. Lee is on Tuesday, 14 May, at 3:30 p.m. Would you like to keep it?",
        "Guten Morgen! Ihr Termin bei Frau Dr. Weiß ist am Dienstag, dem 14. Mai, um 15:30 Uhr. Möchten Sie ihn behalten?",
        "Bonjour ! Votre rendez-vous est mardi 14 mai à 15 h 30. Souhaitez-vous le garder ?",
        "¡Buenos días! Su cita es el martes 14 de mayo a las 15:30. ¿Desea mantenerla?",
        "Buongiorno! Il suo appuntamento è martedì 14 maggio alle 15:30. Vuole tenerlo?",
        "Bom dia! A sua consulta é na terça-feira, 14 de maio, às 15h30. Deseja mantê-la?",
        "Goedemorgen! Uw afspraak is op dinsdag 14 mei om 15.30 uur. Wilt u die houden?",
        "Dzień dobry! Pani wizyta jest we wtorek 14 maja o 15:30. Czy chce ją Pani zachować?",
        "Доброе утро! Ваш приём во вторник, 14 мая, в 15:30. Хотите его оставить?",
        "Добрий ранок! Ваш прийом у вівторок, 14 травня, о 15:30.",
        "Günaydın! Randevunuz 14 Mayıs Salı günü saat 15.30'da. İster misiniz?",
        "早上好！您的预约是5月14日星期二下午3点半。您要保留吗？",
        "おはようございます。ご予約は5月14日（火）午後3時半です。よろしいでしょうか？",
        "안녕하세요! 예약은 5월 14일 화요일 오후 3시 30분입니다. 유지하시겠어요?",
        "صباح الخير! موعدكم يوم الثلاثاء ١٤ مايو الساعة ٣:٣٠. هل تريدون الاحتفاظ به؟",
        "בוקר טוב! התור שלך ביום שלישי, 14 במאי, בשעה 15:30.",
        "सुप्रभात! आपकी अपॉइंटमेंट मंगलवार, 14 मई को दोपहर 3:30 बजे है। क्या आप इसे रखना चाहेंगे?",
        "สวัสดีค่ะ นัดของคุณคือวันอังคารที่ 14 พฤษภาคม เวลา 15:30 น.",
        "Chào buổi sáng! Lịch hẹn của bạn là thứ Ba, ngày 14 tháng 5, lúc 15:30.",
        "Selamat pagi! Janji temu Anda hari Selasa, 14 Mei, pukul 15.30.",
        "Καλημέρα! Το ραντεβού σας είναι την Τρίτη 14 Μαΐου στις 15:30;",
        "Bună dimineața! Programarea dumneavoastră este marți, 14 mai, la 15:30.",
        "God morgon! Din tid är tisdagen den 14 maj klockan 15.30.",
    ];
}
