using Caller.Check;
using Caller.Platform;
using Switchboard.Testing;

namespace Caller.Tests.Check;

/// <summary>Our own server with each of its responders; .ci/check-caller does the same with the built programs.</summary>
public sealed class SwitchboardTests
{
    [Theory]
    [InlineData("demo", null)]
    [InlineData("reception", "bye")]
    public async Task ExecuteAsync_ModelOfTheSample_PassesEveryRequiredCheck(string model, string? hangUpText)
    {
        var settings = Sample();
        await using var server = await TestHost.StartAsync(settings: settings);

        var report = await CheckAsync(server, model, settings["Access:ApiKeys:0"]!, hangUpText);

        Assert.True(report.Passes, ServerCheck.Show(report));
        Assert.Equal(hangUpText is null ? Outcome.NotApplicable : Outcome.Held, HangUp(report));
    }

    [Theory]
    [InlineData("demo", null)]
    [InlineData("reception", "bye")]
    public async Task ExecuteAsync_ModelBehindAnUpstream_PassesEveryRequiredCheck(string model, string? hangUpText)
    {
        var settings = Sample();
        await using var inner = await TestHost.StartAsync(settings: settings);
        await using var outer = await TestHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Models:0:Id"] = "relayed",
            ["Models:0:Simulated:Text"] = null,
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Upstreams:0:BaseUrl"] = BaseUrl(inner),
            ["Models:0:Upstreams:0:Model"] = model,
            ["Models:0:Upstreams:0:ApiKey"] = settings["Access:ApiKeys:0"],
            ["Models:0:Actions:0:Name"] = "hangup",
            ["Models:0:FirstSpeech:Deadline"] = "00:01:00",
        });

        var report = await CheckAsync(outer, "relayed", TestHost.Key, hangUpText);

        Assert.True(report.Passes, ServerCheck.Show(report));
        Assert.Equal(hangUpText is null ? Outcome.NotApplicable : Outcome.Held, HangUp(report));
    }

    // It names no model, and gets the first one, which hangs up on nobody.
    [Fact]
    public async Task ExecuteAsync_ModelOfTheSampleAsDid_PassesEveryRequiredCheck()
    {
        var settings = Sample();
        await using var server = await TestHost.StartAsync(settings: settings);

        var report = await ServerCheck.RunAsync(BaseUrl(server), new CheckOptions { Model = "", Key = settings["Access:ApiKeys:0"]!, Platform = VoicePlatforms.Find("d-id")! });

        Assert.True(report.Passes, ServerCheck.Show(report));
    }

    [Theory]
    [InlineData("vapi")]
    [InlineData("elevenlabs")]
    [InlineData("livekit")]
    [InlineData("liveavatar")]
    [InlineData("pipecat")]
    [InlineData("trtc")]
    [InlineData("volcengine")]
    [InlineData("agora")]
    [InlineData("zego")]
    [InlineData("cartesia")]
    [InlineData("deepgram")]
    [InlineData("telnyx")]
    [InlineData("fishaudio")]
    [InlineData("bolna")]
    [InlineData("vocode")]
    [InlineData("openai")]
    public async Task ExecuteAsync_ModelOfTheSampleAsAnotherPlatform_PassesEveryRequiredCheck(string platform)
    {
        var settings = Sample();
        await using var server = await TestHost.StartAsync(settings: settings);

        var report = await ServerCheck.RunAsync(BaseUrl(server), new CheckOptions
        {
            Model = "reception",
            Key = settings["Access:ApiKeys:0"]!,
            HangUpText = "bye",
            Platform = VoicePlatforms.Find(platform)!,
        });

        Assert.True(report.Passes, ServerCheck.Show(report));
    }

    // The pause between words makes a run last half a minute, and no check here needs it.
    private static Dictionary<string, string?> Sample() => new(SampleHost.Settings)
    {
        ["Models:0:Simulated:Text"] = null,
        ["Models:0:Simulated:Delay"] = "00:00:00.002",
    };

    private static Task<CheckReport> CheckAsync(TestHost server, string model, string key, string? hangUpText) =>
        ServerCheck.RunAsync(BaseUrl(server), new CheckOptions { Model = model, Key = key, HangUpText = hangUpText });

    private static string BaseUrl(TestHost server) => new Uri(server.Address, "v1").ToString();

    private static Outcome HangUp(CheckReport report) => report.Results.Single(result => result.Check.Id == "tools.hang-up").Verdict.Outcome;
}
