using Caller.Wire;

namespace Caller.Tests.Wire;

public sealed class HalfCharactersTests
{
    [Theory]
    [InlineData(@"""plain""", @"""plain""")]
    [InlineData(@"""\uD83C\uDFA7 \u00e4 \n \\uD83C \\""", @"""\uD83C\uDFA7 \u00e4 \n \\uD83C \\""")]
    [InlineData(@"""\ud83c""", @"""\uFFFD""")]
    [InlineData(@"""\uDFA7\uD83C""", @"""\uFFFD\uFFFD""")]
    [InlineData(@"""\uD83C\uD83C\uDFA7\uDFA7""", @"""\uFFFD\uD83C\uDFA7\uFFFD""")]
    [InlineData(@"""\\\uDFA7""", @"""\\\uFFFD""")]
    [InlineData(@"""\\uD83C\uDFA7""", @"""\\uD83C\uFFFD""")]
    [InlineData(@"""\u12", @"""\u12")]
    [InlineData(@"\", @"\")]
    public void Replace_Json_LeavesWholeCharactersOnly(string json, string expected)
    {
        Assert.Equal(expected, HalfCharacters.Replace(json));
        Assert.Equal(json != expected, HalfCharacters.AreIn(json));
    }
}
