using Caller.Check;
using Caller.Platform;
using Caller.Tests.Servers;

namespace Caller.Tests.Check;

/// <summary>A run as another platform than IMS.</summary>
public sealed class PlatformCheckTests
{
    public static TheoryData<string> Platforms => [.. VoicePlatforms.All.Select(platform => platform.Name)];

    public static TheoryData<int> BrokenServers => [.. Enumerable.Range(0, PlatformServers.Broken.Count)];

    public static TheoryData<int> UnadvisedServers => [.. Enumerable.Range(0, PlatformServers.Unadvised.Count)];

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task ExecuteAsync_ServerThatDoesWhatThePlatformDemands_FailsNothing(string name)
    {
        await using var server = await FixtureServer.StartLenientAsync(PlatformServers.Good(name));

        var report = await CheckAsync(server, name);

        Assert.True(report.Results.All(result => result.Verdict.Outcome is Outcome.Held or Outcome.NotApplicable), ServerCheck.Show(report));
        string[] never = ["transport.https", "tools.directive", "streaming.spread", "streaming.pieces", "concurrency.overlap", "platform.meta-info"];
        Assert.DoesNotContain(report.Results, result => result.Check.Group == "platform" && result.Verdict.Outcome == Outcome.NotApplicable && !never.Contains(result.Check.Id));
    }

    [Theory]
    [MemberData(nameof(BrokenServers))]
    public async Task ExecuteAsync_ServerThatMissesOneThing_IsCaughtByTheCheckMeantForItAlone(int index)
    {
        var (platform, defect, caught, alsoFails, behaviour) = PlatformServers.Broken[index];
        await using var server = await FixtureServer.StartLenientAsync(behaviour);

        var report = await CheckAsync(server, platform);

        Assert.False(report.Passes);
        Assert.True(
            alsoFails.Append(caught).Order(StringComparer.Ordinal).SequenceEqual(ServerCheck.Failed(report, CheckLevel.Required).Order(StringComparer.Ordinal)),
            $"{platform}, {defect}:\n{ServerCheck.Show(report)}");
    }

    [Theory]
    [MemberData(nameof(UnadvisedServers))]
    public async Task ExecuteAsync_ServerThatWorksButWorse_IsWarnedOf(int index)
    {
        var (platform, defect, caught, behaviour) = PlatformServers.Unadvised[index];
        await using var server = await FixtureServer.StartLenientAsync(behaviour);

        var report = await CheckAsync(server, platform);

        Assert.True(ServerCheck.Failed(report, CheckLevel.Advised).SequenceEqual([caught]), $"{platform}, {defect}:\n{ServerCheck.Show(report)}");
        Assert.True(report.Passes, $"{platform}, {defect}:\n{ServerCheck.Show(report)}");
    }

    [Theory]
    [InlineData("vapi", "platform.path-doubled platform.path-slash")]
    [InlineData("telnyx", "platform.path-doubled platform.path-slash platform.models")]
    public async Task ExecuteAsync_ServerOfOnePathAlone_IsWarnedOfTheOthers(string platform, string caught)
    {
        var good = PlatformServers.Good(platform);
        await using var server = await FixtureServer.StartLenientAsync(good with { Around = (context, inner) => context.Request.Path == "/v1/chat/completions" ? good.Around(context, inner) : NotFound(context), List = context => context.Response.StatusCode = 404 });

        var report = await CheckAsync(server, platform);

        Assert.Equal(caught.Split(' '), ServerCheck.Failed(report, CheckLevel.Advised));

        static Task NotFound(HttpContext context)
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void All_RequiredChecksOfPlatforms_HaveABrokenServerEach()
    {
        var caught = PlatformServers.Broken.Select(server => server.Caught).Append("platform.in-time");

        Assert.Empty(CheckCatalogue.All.Where(check => check.Group == "platform" && check.Level == CheckLevel.Required).Select(check => check.Id).Except(caught));
    }

    [Theory]
    [InlineData("elevenlabs", 3900, true)]
    [InlineData("elevenlabs", 4100, false)]
    [InlineData("livekit", 9900, true)]
    [InlineData("vapi", 20_100, false)]
    public void Judge_FirstTextAfter_IsInTimeOrNot(string platform, int milliseconds, bool inTime)
    {
        var options = ServerCheck.Options with { Platform = VoicePlatforms.Find(platform)! };

        Assert.Equal(inTime ? Outcome.Held : Outcome.Failed, Seen.Judge("platform.in-time", options, Seen.Answer("greeting", 0, [milliseconds])).Outcome);
    }

    [Theory]
    [InlineData(4100, 100, true)]
    [InlineData(100, 4100, false)]
    public void Judge_FirstTextAfterAColdStart_IsNotHeldAgainstTheServer(int first, int second, bool inTime)
    {
        var options = ServerCheck.Options with { Platform = VoicePlatforms.Find("elevenlabs")! };

        Assert.Equal(inTime ? Outcome.Held : Outcome.Failed, Seen.Judge("platform.in-time", options, Seen.Answer("greeting", 0, [first]), Seen.Answer("last turn", 0, [second])).Outcome);
    }

    [Fact]
    public void For_Ims_HasNoCheckOfAnotherPlatform()
    {
        Assert.Equal(124, CheckCatalogue.For(VoicePlatforms.Ims).Count);
        Assert.DoesNotContain(CheckCatalogue.For(VoicePlatforms.Ims), check => check.Group == "platform");
    }

    [Fact]
    public void For_OtherPlatforms_HaveNoCheckOfIms() => Assert.All(VoicePlatforms.All.Where(platform => !platform.IsIms), platform =>
        Assert.Empty(CheckCatalogue.For(platform).Select(check => check.Id).Intersect(["request.extend-data", "request.sentence-id-text", "tools.directive", "tools.hang-up"])));

    private static Task<CheckReport> CheckAsync(FixtureServer server, string platform) =>
        ServerCheck.RunAsync(server, ServerCheck.Options with { Platform = VoicePlatforms.Find(platform)! });
}
