namespace Switchboard.Speech.Tests;

public sealed class SpokenTextFilterTests
{
    public static TheoryData<string, string> Marked =>
        [.. EmphasisRows.Rows, .. BlockRows.Rows, .. LinkRows.Rows, .. TagRows.Rows, .. EmojiRows.Rows];

    public static TheoryData<string> Unmarked => [.. ProseRows.Rows, .. DirectiveRows.Rows];

    [Theory]
    [MemberData(nameof(Marked))]
    public void Push_MarkedText_IsSpeakable(string text, string expected)
    {
        Assert.Equal(expected, Spoken.Whole(text));
        Assert.Equal(expected, Spoken.Cut(text.Select(character => character.ToString())));
    }

    [Theory]
    [MemberData(nameof(Unmarked))]
    public void Push_TextWithoutMarks_IsUnchanged(string text)
    {
        Assert.Equal(text, Spoken.Whole(text));
        Assert.Equal(text, Spoken.Cut(text.Select(character => character.ToString())));
    }
}
