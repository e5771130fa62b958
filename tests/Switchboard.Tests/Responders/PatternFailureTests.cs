using System.Text.RegularExpressions;
using Switchboard.Responders;

namespace Switchboard.Tests.Responders;

/// <summary>What is said of a When that is no regular expression.</summary>
public sealed class PatternFailureTests
{
    [Theory]
    [InlineData("(a", "a bracket ( is not closed (at character 2)")]
    [InlineData("a)", "a bracket ) was not opened; write \\) for the character itself (at character 2)")]
    [InlineData("[ab", "a set [ is not closed; write \\[ for the character itself (at character 3)")]
    [InlineData("*a", "a repetition (*, +, ?, {n}) has nothing before it; write a backslash before the character itself (at character 1)")]
    [InlineData("a**", "a repetition (*, +, ?, {n}) cannot follow another one; put the first into brackets (at character 3)")]
    [InlineData("bye\\", "a backslash stands at the end; write \\\\ for the character itself (at character 4)")]
    [InlineData("a{3,1}", "a repetition {n,m} has its larger number first (at character 6)")]
    [InlineData("[z-a]", "a range of characters is the wrong way round (at character 4)")]
    [InlineData("(?<1a>b)", "the name of a group is made of letters, digits and _, and does not begin with a digit (at character")]
    [InlineData("\\k<other>", "there is no group of the name that \\k refers to (at character 9)")]
    [InlineData("(?<name", "there is no group that begins so; (?:…) and (?<name>…) do")]
    [InlineData("\\p{Letters}", "there is no such class of characters as this \\p{…}")]
    public void Of_NoPattern_SaysWhatAndWhere(string pattern, string failure) =>
        Assert.StartsWith($"no regular expression: {failure}", PatternFailure.Of(() => new Regex(pattern)), StringComparison.Ordinal);

    [Fact]
    public void Of_Pattern_IsNull() => Assert.Null(PatternFailure.Of(() => new Regex("a(?<b>c)")));
}
