using System.Runtime.InteropServices;

namespace Switchboard.Speech.Tests;

public sealed class SpokenTextDelayTests
{
    private const string Prose =
        "Good morning! Thanks for calling; your table for 4 is booked on May 14, at 7:30 p.m., under the name O'Neill. Is there anything else I can do for you today?";

    private readonly SpokenTextFilter _filter = new(new SpokenTextOptions());
    private readonly List<ReadOnlyMemory<char>> _spoken = [];

    [Theory]
    [InlineData(Prose)]
    [InlineData("Guten Morgen! Ihr Tisch für 4 Personen ist am 14. Mai um 19:30 Uhr reserviert.")]
    [InlineData("Bonjour\u00a0! Votre table pour 4 est réservée le 14 mai à 19 h 30. « Parfait »\u202f! Autre chose ?")]
    [InlineData("¡Buenos días! Hoy hay una mesa para 4 el 14 de mayo a las 19:30.")]
    [InlineData("Buongiorno! Ho prenotato un tavolo per 4 il 14 maggio alle 19:30.")]
    [InlineData("Olá! Há uma mesa para 4 no dia 14 de maio às 19h30.")]
    [InlineData("Dzień dobry! W sobotę, w sali nr 5, o 19:30 – czy to w porządku?")]
    [InlineData("नमस्ते! आपकी मेज़ 14 मई को शाम 7:30 बजे के लिए है।")]
    [InlineData("안녕하세요! 5월 14일 오후 7시 30분에 4명 예약되었습니다.")]
    [InlineData("Ваш столик на четверых заказан на 14 мая в 19:30.")]
    [InlineData("Η κράτησή σας είναι για τις 14 Μαΐου στις 19:30.")]
    [InlineData("موعدكم يوم الثلاثاء الساعة ٣:٣٠.")]
    [InlineData("早上好！您的预约是5月14日星期二下午3点半。")]
    [InlineData("おはようございます。ご予約は5月14日、午後3時半です。")]
    public void Push_ProseByTheWord_GivesBackEveryPieceAtOnce(string text)
    {
        foreach (var piece in Pieces(text))
        {
            _spoken.Clear();
            _filter.Push(piece, _spoken);
            Assert.True(MemoryMarshal.TryGetString(Assert.Single(_spoken), out var spoken, out var start, out var length));
            Assert.Same(piece, spoken);
            Assert.Equal((0, piece.Length), (start, length));
        }
    }

    [Fact]
    public void Push_ProseByFiveCharacters_HoldsNoMoreThanTheLetterOfAnAddress()
    {
        for (var at = 0; at < Prose.Length; at += 5)
        {
            var piece = Prose.Substring(at, Math.Min(5, Prose.Length - at));
            _filter.Push(piece, _spoken);
            var behind = Prose[string.Concat(_spoken).Length..(at + piece.Length)];
            Assert.True(behind is "" or "h", behind);
        }
    }

    [Theory]
    [InlineData("**bold", "bold")]
    [InlineData("*it", "it")]
    [InlineData("# Tit", "Tit")]
    [InlineData("- it", "it")]
    [InlineData("1. it", "1. it")]
    [InlineData("`co", "co")]
    [InlineData("| cell", "cell")]
    [InlineData("> quo", "quo")]
    [InlineData("~~old", "old")]
    [InlineData("[a](b) c", "a c")]
    [InlineData("**a** b ", "a b")]
    [InlineData("www.example.com/", "www.example.com")]
    [InlineData("https://example.com/", "example.com")]
    [InlineData("<think>a</think>b", "b")]
    [InlineData("<b>b", "b")]
    [InlineData("<imsagent_hangup end", "<imsagent_hangup end")]
    [InlineData("a < b", "a < b")]
    [InlineData("3 * 4", "3 * 4")]
    [InlineData("snake_case", "snake_case")]
    [InlineData("AT&T ", "AT&T ")]
    [InlineData("[sic] ", "[sic] ")]
    [InlineData("😀a", "a")]
    public void Push_StartOfMarkedText_IsSpokenBeforeTheMarkIsClosed(string text, string expected)
    {
        foreach (var character in text)
        {
            _filter.Push(character.ToString(), _spoken);
        }

        Assert.Equal(expected, string.Concat(_spoken));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("a*")]
    [InlineData("x~~")]
    [InlineData("[a](b ")]
    public void Push_MarkThatIsNeverClosed_HoldsNothingBeyondTheSentence(string mark)
    {
        _filter.Push($"{mark}one two three. Four", _spoken);

        Assert.EndsWith("one two three. Four", string.Concat(_spoken));
    }

    [Theory]
    [InlineData("[a")]
    [InlineData("![a")]
    [InlineData("[a](")]
    [InlineData("*1")]
    [InlineData("x~~y")]
    [InlineData("_a")]
    [InlineData("<a b=\"")]
    [InlineData("<b c='")]
    [InlineData("【1")]
    [InlineData("https://")]
    [InlineData("www.")]
    [InlineData("&a")]
    [InlineData("| -")]
    [InlineData("- ")]
    [InlineData("***")]
    [InlineData("#")]
    [InlineData("```a")]
    [InlineData("[[[[")]
    [InlineData("<a@")]
    public void Push_MarkWithoutEndOrSentence_HoldsABoundedNumberOfCharacters(string mark)
    {
        // The filler leaves every construct open; text after it must come out within the limit and a piece.
        _filter.Push(mark + string.Concat(Enumerable.Repeat(mark[^1], 2 * Window.Limit)), _spoken);
        _filter.Push(" so this\nis said", _spoken);

        Assert.EndsWith("is said", string.Concat(_spoken));
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var at = 1; at <= text.Length; at++)
        {
            if (at == text.Length || text[at] == ' ' || text[at] > '\u3000')
            {
                yield return text[start..at];
                start = at;
            }
        }
    }
}
