using Microsoft.Extensions.Time.Testing;
using Switchboard.Access;

namespace Switchboard.Tests.Access;

public sealed class KeyRingTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", true)]
    [InlineData("One", false)]
    [InlineData("on", false)]
    [InlineData("", false)]
    public void Check_ConfiguredKeys_AcceptsThemOnly(string key, bool isAccepted)
    {
        var ring = new KeyRing(["one", "two"], hasVault: false, _time);

        Assert.Equal(isAccepted ? KeyCheck.Accepted : KeyCheck.Rejected, ring.Check(KeyDigest.Of(key)));
    }

    [Fact]
    public void Check_EmptyRing_LetsNobodyIn()
    {
        var ring = new KeyRing([], hasVault: false, _time);

        Assert.False(ring.IsLoaded);
        Assert.Equal(KeyCheck.Unavailable, ring.Check(KeyDigest.Of("")));
    }

    [Fact]
    public void Load_NewKeys_ReplaceTheOldOnesButNotTheConfiguredOnes()
    {
        var ring = new KeyRing(["configured"], hasVault: true, _time);
        ring.Load([new AcceptedKey(KeyDigest.Of("old"), null, null)]);
        ring.Load([new AcceptedKey(KeyDigest.Of("new"), null, null)]);

        Assert.Equal(
            (KeyCheck.Rejected, KeyCheck.Accepted, KeyCheck.Accepted),
            (ring.Check(KeyDigest.Of("old")), ring.Check(KeyDigest.Of("new")), ring.Check(KeyDigest.Of("configured"))));
    }

    [Fact]
    public void Name_AnyKey_IsTheStartOfItsSha256() =>
        Assert.Equal("ba7816bf", KeyDigest.Of("abc").Name);
}
