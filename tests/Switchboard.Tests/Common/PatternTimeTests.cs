using System.Text.RegularExpressions;
using Switchboard.Common;

namespace Switchboard.Tests.Common;

public sealed class PatternTimeTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Twice_TimeUsedUpByAMachineThatStoodStill_LooksOnceMore(int standing, int looks)
    {
        var looked = 0;

        var seen = PatternTime.Twice(() => ++looked > standing ? "seen" : throw new RegexMatchTimeoutException());

        Assert.Equal("seen", seen);
        Assert.Equal(looks, looked);
    }

    [Fact]
    public void Twice_TimeUsedUpAgain_IsThePatternsFault()
    {
        var looked = 0;

        string Look()
        {
            looked++;
            throw new RegexMatchTimeoutException();
        }

        Assert.Throws<RegexMatchTimeoutException>(() => PatternTime.Twice(Look));
        Assert.Equal(2, looked);
    }
}
