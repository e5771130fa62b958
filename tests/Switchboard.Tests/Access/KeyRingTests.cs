using Switchboard.Access;

namespace Switchboard.Tests.Access;

public sealed class KeyRingTests
{
    [Theory]
    [InlineData("one", true)]
    [InlineData("two", true)]
    [InlineData("One", false)]
    [InlineData("on", false)]
    [InlineData("", false)]
    public void Check_LoadedRing_AcceptsItsKeysOnly(string key, bool isAccepted)
    {
        var ring = new KeyRing();
        ring.Load(["one", "two"]);

        Assert.Equal(isAccepted ? KeyCheck.Accepted : KeyCheck.Rejected, ring.Check(key));
    }

    [Fact]
    public void Check_EmptyRing_LetsNobodyIn()
    {
        var ring = new KeyRing();

        Assert.False(ring.IsLoaded);
        Assert.Equal(KeyCheck.Unavailable, ring.Check(""));
    }

    [Fact]
    public void Load_NewKeys_ReplaceTheOldOnes()
    {
        var ring = new KeyRing();
        ring.Load(["old"]);
        ring.Load(["new"]);

        Assert.Equal((KeyCheck.Rejected, KeyCheck.Accepted), (ring.Check("old"), ring.Check("new")));
    }

    [Fact]
    public void Name_AnyKey_IsTheStartOfItsSha256() =>
        Assert.Equal("ba7816bf", KeyDigest.Of("abc").Name);
}
