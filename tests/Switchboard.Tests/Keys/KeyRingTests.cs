using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Keys;

namespace Switchboard.Tests.Keys;

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
    public async Task Check_OperatorsKeyThatIsAPlatformsToo_OpensNothingWhateverIsLoaded()
    {
        var platforms = new KeyRing([], hasVault: true, _time, TimeSpan.FromHours(12));
        var operators = new KeyRing([TestHost.Key, TestHost.OtherKey], hasVault: false, _time);
        var check = new BearerCheck(operators, "operator key", null, barred: platforms);
        // Not loaded: any key might be a platform's.
        Assert.Equal((503, 503), (await StatusAsync(TestHost.Key), await StatusAsync(TestHost.OtherKey)));

        platforms.Load([new AcceptedKey(KeyDigest.Of(TestHost.Key), Until: _time.GetUtcNow().AddHours(1))]);
        Assert.Equal((401, 200), (await StatusAsync(TestHost.Key), await StatusAsync(TestHost.OtherKey)));

        // Expired since, and then too old.
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((401, 200), (await StatusAsync(TestHost.Key), await StatusAsync(TestHost.OtherKey)));
        _time.Advance(TimeSpan.FromHours(10));
        Assert.Equal((401, 503), (await StatusAsync(TestHost.Key), await StatusAsync(TestHost.OtherKey)));

        async Task<int> StatusAsync(string key)
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.Authorization = $"Bearer {key}";
            try
            {
                await check.DemandAsync(context.Request, TestContext.Current.CancellationToken);
                return 200;
            }
            catch (ApiException refusal)
            {
                return refusal.Status;
            }
        }
    }

    [Fact]
    public void Name_AnyKey_IsTheStartOfItsSha256() =>
        Assert.Equal("ba7816bf", KeyDigest.Of("abc").Name);
}
