namespace Switchboard.Speech.Tests;

public sealed class SpeechTagTests
{
    private static readonly SpokenTextOptions Named = new() { SpeechTags = ["break", "spell", "emotion", "amazon:effect"] };

    [Theory]
    [InlineData("Your code is <spell>3029</spell>. <break time=\"1s\"/> Anything else?")]
    [InlineData("<break time='500ms' />Hello.")]
    [InlineData("Hello.<BREAK/> Bye.")]
    [InlineData("<emotion value=\"happy\">Hello.</emotion>")]
    [InlineData("<amazon:effect name=\"whispered\">Hello.</amazon:effect>")]
    public void Push_TagThatIsNamed_PassesAsWritten(string text)
    {
        Assert.Equal(text, Spoken.Whole(text, Named));
        Assert.Equal(text, Spoken.Cut(text.Select(character => character.ToString()), Named));
    }

    [Theory]
    [InlineData("Your code is <spell>3029</spell>. <break time=\"1s\"/> Anything else?", "Your code is 3029. Anything else?")]
    public void Push_TagThatIsNotNamed_LeavesItsWords(string text, string expected) => Assert.Equal(expected, Spoken.Whole(text));

    [Theory]
    [InlineData("<speak><b>Hi</b> <break time=\"1s\"/>there</speak>", "Hi <break time=\"1s\"/>there")]
    [InlineData("<breaks/>a <breakfast>b</breakfast>", "a b")]
    [InlineData("a <break and b", "a <break and b")]
    [InlineData("<think><break/></think>a", "a")]
    public void Push_OtherTagsBesideOneThatIsNamed_AreReadAsBefore(string text, string expected) => Assert.Equal(expected, Spoken.Whole(text, Named));

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a b")]
    [InlineData("a>")]
    [InlineData("<a")]
    [InlineData("é")]
    [InlineData("ims")]
    [InlineData("IMSagent")]
    [InlineData("i-m-s:agent")]
    [InlineData("imsagent-transfer")]
    [InlineData("no")]
    [InlineData("No-Interrupting")]
    [InlineData("think")]
    [InlineData("x:tool-call")]
    public void SpeechTags_NameThatMayNotPass_Throws(string name)
    {
        Assert.False(SpokenTextOptions.IsSpeechTag(name));
        Assert.Throws<ArgumentException>(() => new SpokenTextOptions { SpeechTags = ["break", name] });
    }

    [Fact]
    public void SpeechTags_NameLongerThanAllowed_Throws() => Assert.False(SpokenTextOptions.IsSpeechTag(new string('a', 65)));
}
