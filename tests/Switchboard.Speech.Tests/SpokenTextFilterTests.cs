namespace Switchboard.Speech.Tests;

public sealed class SpokenTextFilterTests
{
    public static TheoryData<string, string> Marked =>
        [.. EmphasisRows.Rows, .. BlockRows.Rows, .. LinkRows.Rows, .. TagRows.Rows, .. EmojiRows.Rows, .. MarkupRows.Rows, .. StageRows.Rows];

    public static TheoryData<string> Unmarked => [.. ProseRows.Rows, .. DirectiveRows.Rows, .. MarkupRows.Plain, .. StageRows.Plain];

    [Theory]
    [MemberData(nameof(Marked))]
    public void Push_MarkedText_IsSpeakable(string text, string expected)
    {
        Assert.Equal(expected, Spoken.Whole(text));
        Assert.Equal(expected, SpokenTextFilter.Filter(text));
        Assert.Equal(expected, Spoken.Cut(text.Select(character => character.ToString())));
    }

    [Fact]
    public void Push_Prose_IsThePieceItself()
    {
        var filter = new SpokenTextFilter();

        Assert.All([new string("How"), " can", " I", " help?"], piece => Assert.Same(piece, filter.Push(piece)));
        Assert.Equal("", filter.Complete());
    }

    [Theory]
    [InlineData("```tool_code\nprint(get_hours())\n```\nDone.")]
    [InlineData("```tool_outputs\n9\n```\nDone.")]
    public void Push_CallInAFence_IsNoCodeThatTheCallerIsToldOf(string text) =>
        Assert.Equal("Done.", Spoken.Cut(text.Select(character => character.ToString()), new SpokenTextOptions { CodePhrase = "Code." }));

    [Fact]
    public void Push_PieceAfterTheEnd_BeginsAnotherAnswer()
    {
        var filter = new SpokenTextFilter(new SpokenTextOptions { CodePhrase = "Code." });

        Assert.Equal(["Code.", "", "", "Hello"], [filter.Push("```\n"), filter.Push("x"), filter.Complete(), filter.Push("# Hello")]);
    }

    [Theory]
    [MemberData(nameof(Unmarked))]
    public void Push_TextWithoutMarks_IsUnchanged(string text)
    {
        Assert.Equal(text, Spoken.Whole(text));
        Assert.Equal(text, Spoken.Cut(text.Select(character => character.ToString())));
    }
}
