using Caller.Check;
using Caller.Tests.Servers;
using Switchboard.Testing;

namespace Caller.Tests.Check;

/// <summary>Our own server with each of its responders; .ci/check-caller does the same with the built programs.</summary>
public sealed class SwitchboardTests
{
    private const string OuterKey = "key-of-the-outer-server";

    [Theory]
    [InlineData("demo", null)]
    [InlineData("reception", "bye")]
    public async Task ExecuteAsync_ModelOfTheSample_PassesEveryRequiredCheck(string model, string? hangUpText)
    {
        var settings = await SampleAsync();
        await using var server = await SwitchboardServer.StartAsync(settings);

        var report = await CheckAsync(server, model, settings["Access__ApiKeys__0"]!, hangUpText);

        Assert.True(report.Passes, ServerCheck.Show(report));
        Assert.Equal(hangUpText is null ? Outcome.NotApplicable : Outcome.Held, HangUp(report));
    }

    [Theory]
    [InlineData("demo", null)]
    [InlineData("reception", "bye")]
    public async Task ExecuteAsync_ModelBehindAnUpstream_PassesEveryRequiredCheck(string model, string? hangUpText)
    {
        var settings = await SampleAsync();
        await using var inner = await SwitchboardServer.StartAsync(settings);
        await using var outer = await SwitchboardServer.StartAsync(new Dictionary<string, string?>
        {
            ["Access__ApiKeys__0"] = OuterKey,
            ["Models__0__Id"] = "relayed",
            ["Models__0__Responder"] = "upstream",
            ["Models__0__Upstreams__0__BaseUrl"] = inner.BaseUrl,
            ["Models__0__Upstreams__0__Model"] = model,
            ["Models__0__Upstreams__0__ApiKey"] = settings["Access__ApiKeys__0"],
            ["Models__0__Actions__0__Name"] = "hangup",
            ["Models__0__FirstSpeech__Deadline"] = "00:01:00",
        });

        var report = await CheckAsync(outer, "relayed", OuterKey, hangUpText);

        Assert.True(report.Passes, ServerCheck.Show(report));
        Assert.Equal(hangUpText is null ? Outcome.NotApplicable : Outcome.Held, HangUp(report));
    }

    // The pause between words makes a run last half a minute, and no check here needs it.
    private static async Task<Dictionary<string, string?>> SampleAsync() => new(await SwitchboardServer.SampleAsync(Repository.PathOf("local.settings.sample.json")))
    {
        ["Models__0__Simulated__Delay"] = "00:00:00.002",
    };

    private static Task<CheckReport> CheckAsync(SwitchboardServer server, string model, string key, string? hangUpText) =>
        ServerCheck.RunAsync(server.BaseUrl, new CheckOptions { Model = model, Key = key, HangUpText = hangUpText });

    private static Outcome HangUp(CheckReport report) => report.Results.Single(result => result.Check.Id == "tools.hang-up").Verdict.Outcome;
}
