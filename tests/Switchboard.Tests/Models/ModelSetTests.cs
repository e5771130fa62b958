using Switchboard.Models;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Tests.Models;

/// <summary>What two versions of the models have in common, and when the older one is let go.</summary>
public sealed class ModelSetTests
{
    [Fact]
    public void Take_TheSameKeyInTwoSets_IsOnePartUntilBothHaveGone()
    {
        var parts = new KeptParts();
        var gone = new List<string>();
        var (first, second) = (parts.Begin(), parts.Begin());

        var one = first.Take("key", () => new string("one"), gone.Add);
        Assert.Same(one, second.Take("key", () => "two", gone.Add));
        var third = second.Take("other", () => "three", gone.Add);
        first.End();
        Assert.Empty(gone);
        second.End();

        Assert.Equal(["one", third], gone);
    }

    // A model may list an upstream twice, and has two circuits for it.
    [Fact]
    public void Take_TheSameKeyTwiceInOneSet_IsTwoParts()
    {
        var parts = new KeptParts();
        var (first, second) = (parts.Begin(), parts.Begin());

        object[] before = [first.Take("key", () => new object()), first.Take("key", () => new object())];
        object[] after = [second.Take("key", () => new object()), second.Take("key", () => new object())];

        Assert.NotSame(before[0], before[1]);
        Assert.Equal(before, after);
    }

    [Fact]
    public void KeyOf_EverySettingOfAnUpstream_TellsItFromOthers()
    {
        UpstreamOptions Make(Action<UpstreamOptions>? change = null)
        {
            var options = new UpstreamOptions { BaseUrl = new Uri("https://up.example/v1") };
            change?.Invoke(options);
            return options;
        }

        Action<UpstreamOptions>[] changes =
        [
            options => options.BaseUrl = new Uri("https://up.example/V1"),
            options => options.Model = "m",
            options => options.ApiKey = "k",
            options => options.ApiKeySecret = "k",
            options => options.Temperature = 0.5,
            options => options.Omit.Add("a"),
            options => options.Forward.Add("a"),
            options => options.Headers.Add(new UpstreamHeader { Name = "a", Value = "b" }),
            options => options.Headers.Add(new UpstreamHeader { Name = "a", Secret = "b" }),
        ];

        Assert.Equal(KeptParts.KeyOf("a", Make()), KeptParts.KeyOf("a", Make()));
        string[] keys = [KeptParts.KeyOf("b", Make()), KeptParts.KeyOf("a", Make()), .. changes.Select(change => KeptParts.KeyOf("a", Make(change)))];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.NotEqual(KeptParts.KeyOf("a", new McpServerOptions()), KeptParts.KeyOf("a", new McpServerOptions { CallTimeout = TimeSpan.FromSeconds(1) }));
    }
}
