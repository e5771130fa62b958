using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Hosting;
using Switchboard.Models;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard.Tests.Hosting;

/// <summary>A change of <c>switchboard.json</c> and of its texts while the app runs.</summary>
public sealed class SettingsReloadTests
{
    private const int Limit = 60_000;

    [Theory]
    [InlineData(true, "Hello {0}.")]
    [InlineData(false, "Hello {0}.")]
    // What begins as JSON does, and names what may be a secret in a body.
    [InlineData(false, """{{"code":"be brief","greeting":"Hello {0}."}}""")]
    public async Task Change_OfATextOrTheFile_IsSaidFromTheNextTurnOn(bool replaces, string text)
    {
        var traced = new ConcurrentDictionary<string, object?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwitchboardSource.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => traced[$"{activity.GetTagItem("switchboard.request_id")}"] = activity.GetTagItem("switchboard.settings"),
        };
        ActivitySource.AddActivityListener(listener);
        string Text(string number) => string.Format(CultureInfo.InvariantCulture, text, number);
        await using var host = await SettingsHost.StartAsync(Script("""{ "SayFile": "hello.txt" }"""), new Dictionary<string, string> { ["hello.txt"] = Text("one") });
        Assert.Contains("Hello one.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        var first = (await host.WaitForLogAsync(100)).GetStructuredStateValue("Settings");
        Assert.Equal(first, (await host.WaitForLogAsync(700)).GetStructuredStateValue("Version"));

        Write(host, "hello.txt", Text("two"), replaces);
        await host.WaitForLogAsync(701);
        Assert.Contains("Hello two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        var second = (await host.WaitForLogAsync(100, times: 2)).GetStructuredStateValue("Settings");
        Assert.NotEqual(first, second);

        Write(host, "switchboard.json", Script("""{ "Say": "Hello three." }"""), replaces);
        await host.WaitForLogAsync(701, times: 2);
        Assert.Contains("Hello three.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        Assert.NotEqual(second, (await host.WaitForLogAsync(100, times: 3)).GetStructuredStateValue("Settings"));
        Assert.All(
            host.Logs.GetSnapshot().Where(line => line.Id.Id == 100), line => Assert.Equal(line.GetStructuredStateValue("Settings"), traced[line.GetStructuredStateValue("RequestId")!]));
    }

    [Fact]
    public async Task Change_OfTheModels_IsShownByTheRoutes()
    {
        await using var host = await SettingsHost.StartAsync("""{ "Models": [ { "Id": "a" } ] }""");

        host.Write("switchboard.json", """{ "Models": [ { "Id": "b" }, { "Id": "c" } ] }""");
        await host.WaitForLogAsync(701);
        var models = await host.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken);

        Assert.Contains("\"id\":\"b\"", models, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"c\"", models, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":\"a\"", models, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_WhileATurnRuns_LetsItEndWithWhatItBeganWith()
    {
        var responder = new GatedChatClient();
        await using var host = await SettingsHost.StartAsync("""{ "Models": [ { "Id": "a", "Responder": "mine" } ] }""", services: services => services.AddResponder("mine", _ => responder));
        var turn = host.AskAsync("a", "Hi");
        await responder.Asked;

        host.Write("switchboard.json", """{ "Models": [ { "Id": "b" } ] }""");
        await host.WaitForLogAsync(701);
        Assert.Contains("model_not_found", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        responder.Say("The old one.");
        responder.End();

        Assert.Contains("The old one.", await turn, StringComparison.Ordinal);
        Assert.False(responder.Cancelled.IsCompleted);
        Assert.Equal((await host.WaitForLogAsync(700)).GetStructuredStateValue("Version"), (await host.WaitForLogAsync(100, times: 2)).GetStructuredStateValue("Settings"));
    }

    [Theory]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "magic" } ] }""", "The settings are wrong: Models:0:Responder: no such responder, found magic; there are simulated, scripted, upstream.")]
    [InlineData("""{ "Models": [ { "Id": "a" }, { "Id": "a" } ], "Limits": { "MaxMessages": 0 } }""", "Models:1:Id: another model has this id.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Prompt": "{{> x}}" } ] }""", "Models:0:Prompt: line 1")]
    [InlineData("""{ "Models": [ { "Id": "a", "PromptFile": "none.md" } ] }""", "Models:0:PromptFile: none.md: there is no such file.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Upstreams": [ { "ApiKey": "sk-secret" } ] } ] }""", "Models:0:Upstreams:0:ApiKey: a secret must not stand in switchboard.json")]
    [InlineData("""{ "Models": [ { "Id": "a" """, "switchboard.json: it is no JSON at line 1")]
    [InlineData(
        """{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKeySecret": "up-key" } ] } ], "Access": { "KeyVault": { "Uri": "https://my-vault.vault.azure.net/" } } }""",
        "a model needs the secret up-key, and the Key Vault (Access:KeyVault) is there only after a restart.")]
    [InlineData("""{ "Models": [] }""", "Models: configure at least one model")]
    [InlineData(null, "switchboard.json any more.")]

    // What does not count for the version: it is as it was.
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ], "Temprature": 0.3 } ] }""", "Models:0:Temprature: no such setting")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ], "Deadline": "3sec" } ] }""", "Models:0:Deadline: ")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ], "id": "a" } ] }""", "Models:0:id: this name stands there twice.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ] } ], "Access": { "ApiKeys": ["sk-secret"] } }""", "Access:ApiKeys: a secret must not stand in")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ] } ], "Limit": {} }""", "Limit: no such section")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ { "Say": "Hello." } ], "Appology": "x", "Deadlin": 1 } ] }""", "The settings are wrong: (1) Models:0:")]
    public async Task Change_ToABadOne_IsRefusedInOneLineAndTheOldStays(string? file, string reason)
    {
        var good = Script("""{ "Say": "Hello." }""");
        await using var host = await SettingsHost.StartAsync(good);

        if (file is null)
        {
            host.Delete("switchboard.json");
        }
        else
        {
            host.Write("switchboard.json", file);
        }

        var line = await host.WaitForLogAsync(702);

        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains(reason, line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line.Message);
        Assert.DoesNotContain("?.", line.Message, StringComparison.Ordinal);
        Assert.Equal((await host.WaitForLogAsync(700)).GetStructuredStateValue("Version"), line.GetStructuredStateValue("Version"));
        Assert.DoesNotContain("sk-secret", line.Message, StringComparison.Ordinal);
        Assert.Contains("Hello.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);

        // Taken back, and then something else.
        host.Write("switchboard.json", good);
        await host.WaitForLogAsync(708);
        host.Write("switchboard.json", Script("""{ "Say": "Hello again." }"""));
        await host.WaitForLogAsync(701);
        Assert.Contains("Hello again.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Id == 702);
    }

    // Whoever mends one mistake of several waits for a word about what is left; who saves the same again has had it.
    [Fact(Timeout = Limit)]
    public async Task Change_BadInTheSameWayAgain_IsToldOnceForEachContent()
    {
        var time = new WatchedTime();
        await using var host = await SettingsHost.StartAsync(Script("""{ "Say": "Hello." }"""), services: services => services.AddSingleton<TimeProvider>(time));
        await ChangeAsync(host, time, Script("""{ "Say": "Hello.", "Sya": "x" }"""), 702);

        await ChangeAsync(host, time, Script("""{ "Say": "Good morning.", "Sya": "x" }"""), 702, times: 2);
        host.Write("switchboard.json", Script("""{ "Say": "Good morning.", "Sya": "x" }"""));
        await LookAsync(time, 4, TestContext.Current.CancellationToken);
        Assert.Equal(2, host.Logs.GetSnapshot().Count(line => line.Id.Id == 702));

        // A text that is named for the first time is looked at once more after it was read.
        await ChangeAsync(host, time, Script("""{ "SayFile": "none.txt" }"""), 702, times: 3);
        await LookAsync(time, 4, TestContext.Current.CancellationToken);
        Assert.Equal(3, host.Logs.GetSnapshot().Count(line => line.Id.Id == 702));
    }

    [Fact(Timeout = Limit)]
    public async Task Change_Refused_IsAWarningOfHealthToWhoHasAKeyUntilItIsMended()
    {
        var time = new WatchedTime();
        await using var host = await SettingsHost.StartAsync(Script("""{ "Say": "Hello." }"""), services: services => services.AddSingleton<TimeProvider>(time));
        Assert.Equal("""{"status":"ready"}""", await ReadyAsync());

        await ChangeAsync(host, time, Script("""{ "Say": "Hello.", "Sya": "x" }"""), 702);
        var version = (await host.WaitForLogAsync(700)).GetStructuredStateValue("Version");
        await LookAsync(time, 1, TestContext.Current.CancellationToken);

        Assert.Matches($$"""^{"status":"ready","warnings":\["settings: the last change is refused since 2026-11-23T12:00:0\dZ, log event 702 says why; version {{version}} is in force"\]}$""", await ReadyAsync());
        host.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("""{"status":"ready"}""", await ReadyAsync());
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);

        await ChangeAsync(host, time, Script("""{ "Say": "Hello." }"""), 708);
        Assert.Equal("""{"status":"ready"}""", await ReadyAsync());

        Task<string> ReadyAsync() => host.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken);
    }

    // As cp -p leaves it.
    [Fact(Timeout = Limit)]
    public async Task Change_OfTheSameSizeAndTime_IsUsed()
    {
        var time = new WatchedTime();
        await using var host = await SettingsHost.StartAsync(
            Script("""{ "SayFile": "hello.txt" }"""), new Dictionary<string, string> { ["hello.txt"] = "Hello one." }, services: services => services.AddSingleton<TimeProvider>(time));
        await LookAsync(time, 3, TestContext.Current.CancellationToken);

        var saved = File.GetLastWriteTimeUtc(host.PathOf("hello.txt"));
        host.WriteInPlace("hello.txt", "Hello two.");
        File.SetLastWriteTimeUtc(host.PathOf("hello.txt"), saved);
        await WaitAsync(host, time, 701);

        Assert.Contains("Hello two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    // One thread waits for it, and that cannot be ended.
    [Theory(Timeout = Limit)]
    [InlineData("switchboard.json")]
    [InlineData("hello.txt")]
    public async Task Change_ToWhatNeverOpens_IsToldAndHoldsUpNeitherTheNextChangeNorTheStop(string path)
    {
        var time = new WatchedTime();
        await using var host = await SettingsHost.StartAsync(
            Script("""{ "SayFile": "hello.txt" }"""), new Dictionary<string, string> { ["hello.txt"] = "Hello one." }, services: services => services.AddSingleton<TimeProvider>(time));
        var file = await File.ReadAllTextAsync(host.PathOf("switchboard.json"), TestContext.Current.CancellationToken);
        await LookAsync(time, 3, TestContext.Current.CancellationToken);

        await time.WaitForTimerAsync(wait => wait == SettingsReload.FileInterval, TestContext.Current.CancellationToken);
        host.Write(path, "Another");
        var asked = host.StickAsync(path);
        time.Advance(SettingsReload.FileInterval);
        await asked;
        time.Advance(SettingsState.FileTimeout);
        Assert.Contains($"{host.PathOf(path)} cannot be opened or read in time", (await host.WaitForLogAsync(704)).Message, StringComparison.Ordinal);
        Assert.Contains("settings: they cannot be read since 2026-11-23T12:00:", await host.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // Nobody else waits for it, else nobody would get to the next look; and it is told once.
        await LookAsync(time, 20, TestContext.Current.CancellationToken);
        Assert.Single(host.Logs.GetSnapshot(), line => line.Id.Id == 704);

        host.Write("hello.txt", "Hello two.");
        await ChangeAsync(host, time, file, 701);
        await host.WaitForLogAsync(705);
        Assert.Contains("Hello two.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
        Assert.Equal("""{"status":"ready"}""", await host.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken));

        await time.WaitForTimerAsync(wait => wait == SettingsReload.FileInterval, TestContext.Current.CancellationToken);
        host.Write(path, "Another still");
        asked = host.StickAsync(path);
        time.Advance(SettingsReload.FileInterval);
        await asked;
        await host.Services.GetServices<IHostedService>().OfType<SettingsReload>().Single().StopAsync(CancellationToken.None);
    }

    // The text comes after the file that names it, as with most uploads.
    [Fact]
    public async Task Change_NamesATextThatComesLater_IsUsedWhenItIsThere()
    {
        await using var host = await SettingsHost.StartAsync(Script("""{ "Say": "Hello." }"""));

        host.Write("switchboard.json", Script("""{ "SayFile": "texts/late.txt" }"""));
        await host.WaitForLogAsync(702);
        host.Write("texts/late.txt", "Here I am.");
        await host.WaitForLogAsync(701);

        Assert.Contains("Here I am.", await host.AskAsync("a", "Hi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_OfAnotherSection_IsToldToNeedARestart()
    {
        await using var host = await SettingsHost.StartAsync("""{ "Models": [ { "Id": "a" } ], "Limits": { "MaxMessages": 5 } }""");
        var version = (await host.WaitForLogAsync(700)).GetStructuredStateValue("Version");

        host.Write("switchboard.json", """{ "Models": [ { "Id": "a" } ], "Limits": { "MaxMessages": 1 }, "Calls": { "Id": "query:call" } }""");
        Assert.Equal("Calls, Limits", (await host.WaitForLogAsync(703)).GetStructuredStateValue("Sections"));

        // Told once, and again where there is more of it.
        host.Write("switchboard.json", """{ "Models": [ { "Id": "b", "TimeZone": "Europe/Berlin" } ], "Limits": { "MaxMessages": 1 }, "Calls": { "Id": "query:call" } }""");
        await host.WaitForLogAsync(701);
        Assert.Single(host.Logs.GetSnapshot(), line => line.Id.Id == 703);
        Assert.Equal("Models:0:TimeZone", (await host.WaitForLogAsync(620)).GetStructuredStateValue("Setting"));
        host.Write("switchboard.json", """{ "Models": [ { "Id": "a" } ], "Limits": { "MaxMessages": 2 }, "Calls": { "Id": "query:call" } }""");
        Assert.Equal("Calls, Limits", (await host.WaitForLogAsync(703, times: 2)).GetStructuredStateValue("Sections"));

        // What is not in force is not in the version either.
        await host.AskAsync("a", "Hi");
        Assert.Equal(version, (await host.WaitForLogAsync(100)).GetStructuredStateValue("Settings"));
    }

    [Fact(Timeout = Limit)]
    public async Task Change_OfModelsThatTheEnvironmentHas_IsToldToHaveNoEffect()
    {
        var time = new WatchedTime();
        await using var host = await SettingsHost.StartAsync(
            """{ "Models": [ { "Id": "a" } ] }""", settings: new Dictionary<string, string?> { ["Models:0:Id"] = "mine" }, services: services => services.AddSingleton<TimeProvider>(time));
        // What is there at the start is read after two looks.
        await LookAsync(time, 3, TestContext.Current.CancellationToken);

        Assert.Single(host.Logs.GetSnapshot(), line => line.Id.Id == 707);
        await ChangeAsync(host, time, """{ "Models": [ { "Id": "b" } ] }""", 707, times: 2);
    }

    [Fact]
    public async Task Change_OfAPrompt_KeepsUpstreamsCircuitsAndConnections()
    {
        await using var host = await SettingsHost.StartAsync(Upstreams("One.", "http://127.0.0.1:9/v1"));
        var clients = host.Services.GetRequiredService<UpstreamClients>();
        var before = clients.Made.ToList();

        host.Write("switchboard.json", Upstreams("Two.", "http://127.0.0.1:9/v1"));
        await host.WaitForLogAsync(701);
        Assert.Equal(before, clients.Made);

        host.Write("switchboard.json", Upstreams("Two.", "http://127.0.0.1:10/v1"));
        await host.WaitForLogAsync(701, times: 2);
        // The one that stays, the one that goes when nothing of the old set runs any more, and the new one.
        Assert.Equal(before, clients.Made.Take(2));
        Assert.Equal(3, clients.Made.Count);
    }

    [Fact]
    public async Task Change_ToUpstreamsAndToolsWhereThereWereNone_StartsWhatRunsBesideThem()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var first = FaultyUpstream.Start();
        await using var second = FaultyUpstream.Start();
        first.Probe = second.Probe = Failures.Status(401);
        await using var host = await SettingsHost.StartAsync("""{ "Models": [ { "Id": "a" } ] }""");

        host.Write("switchboard.json", $$"""{ "Models": [ { "Id": "a", "Tools": { "Mcp": [ { "Url": "{{server.Url.GetLeftPart(UriPartial.Path)}}" } ] } } ] }""");

        Assert.Contains("a", (await host.WaitForLogAsync(410)).Message, StringComparison.Ordinal);

        host.Write("switchboard.json", Upstreams("One.", $"{first.BaseUrl}", first.BaseUrl));
        Assert.Equal(first.BaseUrl.Authority, (await host.WaitForLogAsync(216)).GetStructuredStateValue("Upstream"));
        host.Write("switchboard.json", Upstreams("One.", $"{second.BaseUrl}", first.BaseUrl));
        Assert.Equal(second.BaseUrl.Authority, (await host.WaitForLogAsync(216, times: 2)).GetStructuredStateValue("Upstream"));
    }

    [Fact(Timeout = Limit)]
    public async Task Change_LeavesSomethingOut_ItGoesTwoMinutesAfterTheLastTurnThatHasIt()
    {
        var time = new WatchedTime();
        var responder = new LeavingChatClient();
        await using var host = await SettingsHost.StartAsync(
            """{ "Models": [ { "Id": "a", "Responder": "mine" } ], "Limits": { "TurnTimeout": "3m" }, "Transcripts": { "InMemory": false } }""",
            services: services => services.AddSingleton<TimeProvider>(time).AddResponder("mine", _ => responder));
        var turn = host.AskAsync("a", "Hi");
        await responder.Asked;

        await ChangeAsync(host, time, """{ "Models": [ { "Id": "b" } ] }""", 701);
        var afterwards = time.WaitForTimerAsync(wait => wait == ModelCatalog.Afterwards, TestContext.Current.CancellationToken);
        Assert.False(afterwards.IsCompleted);

        responder.Say("The old one.");
        responder.End();
        Assert.Contains("The old one.", await turn, StringComparison.Ordinal);
        await afterwards;
        time.Advance(ModelCatalog.Afterwards - TimeSpan.FromSeconds(1));
        Assert.False(responder.Gone.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await responder.Gone.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("a", (await host.WaitForLogAsync(709)).GetStructuredStateValue("Model"));
    }

    // Whoever takes a change back at once has the client that was there, and what it was asked with must not grow old.
    [Fact(Timeout = Limit)]
    public async Task Change_NamesASecret_ItIsThereAtOnceAndKeptCurrentAlsoWhereItWasLeftOutForAMoment()
    {
        var time = new WatchedTime();
        await using var upstream = FaultyUpstream.Start();
        await using var vault = await StandInVault.StartAsync();
        vault.Put(new StandInVersion("up-key", "1", "sk-1"));
        await using var host = await SettingsHost.StartAsync(
            """{ "Models": [ { "Id": "a" } ] }""",
            settings: new Dictionary<string, string?> { ["Access:KeyVault:Uri"] = StandInVault.Uri.AbsoluteUri },
            services: services => services.AddSingleton<TimeProvider>(time).AddSingleton(new VaultConnection(new FixedToken(), VaultRig.Options(vault))));
        await WaitForRefreshAsync(time, TestContext.Current.CancellationToken);
        var named = $$"""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKeySecret": "up-key" } ] } ] }""";

        await ChangeAsync(host, time, named, 701);
        await host.AskAsync("a", "Hi");
        Assert.Equal("Bearer sk-1", upstream.Requests.Last().Headers["Authorization"]);

        await ChangeAsync(host, time, """{ "Models": [ { "Id": "a" } ] }""", 701, times: 2);
        await ChangeAsync(host, time, named, 701, times: 3);
        vault.Put(new StandInVersion("up-key", "2", "sk-2") { Created = DateTimeOffset.UnixEpoch.AddDays(1) });

        // While the settings changed, more than one refresh may have come and gone: the pause behind the next one need not be the first that is seen.
        for (var round = 0; round < 10 && upstream.Requests.Last().Headers["Authorization"] != "Bearer sk-2"; round++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await WaitForRefreshAsync(time, TestContext.Current.CancellationToken);
            await host.AskAsync("a", "Hi");
        }

        Assert.Equal("Bearer sk-2", upstream.Requests.Last().Headers["Authorization"]);
    }

    // Until a refresh is over and the pause before the next one runs. The vault has no key of this app's, so that the pauses double up to the interval.
    // The refresh's own deadline is as long as some of them, and to move the clock while it runs breaks the refresh off.
    private static Task<TimeSpan> WaitForRefreshAsync(WatchedTime time, CancellationToken cancellationToken) =>
        time.WaitForTimerAsync(wait => wait == TimeSpan.FromMinutes(5) || Enumerable.Range(0, 5).Any(doubled => wait == VaultRefresh.EarlyInterval * (1 << doubled)), cancellationToken);

    // Lets the app look, until it has said what it made of it. It says so before it waits for the next look.
    private static async Task ChangeAsync(SettingsHost host, WatchedTime time, string file, int id, int times = 1)
    {
        host.Write("switchboard.json", file);
        await WaitAsync(host, time, id, times);
    }

    private static async Task WaitAsync(SettingsHost host, WatchedTime time, int id, int times = 1)
    {
        while (host.Logs.GetSnapshot().Count(line => line.Id.Id == id) < times)
        {
            await LookAsync(time, 1, TestContext.Current.CancellationToken);
        }
    }

    // The timer of the look after it tells that one is over.
    private static async Task LookAsync(WatchedTime time, int times, CancellationToken cancellationToken)
    {
        for (var looks = 0; looks < times; looks++)
        {
            await time.WaitForTimerAsync(wait => wait == SettingsReload.FileInterval, cancellationToken);
            time.Advance(SettingsReload.FileInterval);
        }
    }

    private static void Write(SettingsHost host, string path, string text, bool replaces)
    {
        if (replaces)
        {
            host.Write(path, text);
        }
        else
        {
            host.WriteInPlace(path, text);
        }
    }

    private static string Script(string rule) => $$"""{ "Models": [ { "Id": "a", "Responder": "scripted", "Script": [ {{rule}} ] } ] }""";

    private static string Upstreams(string prompt, string second, Uri? first = null) => $$"""
        { "Models": [ { "Id": "a", "Responder": "upstream", "Prompt": "{{prompt}}", "Upstreams": [ { "BaseUrl": "{{first?.AbsoluteUri ?? "http://127.0.0.1:8/v1"}}" }, { "BaseUrl": "{{second}}" } ] } ] }
        """;

    private sealed class LeavingChatClient : DelegatingChatClient
    {
        private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly GatedChatClient _gate;

        public LeavingChatClient()
            : this(new GatedChatClient())
        {
        }

        private LeavingChatClient(GatedChatClient gate)
            : base(gate) => _gate = gate;

        public Task Asked => _gate.Asked;

        public Task Gone => _gone.Task;

        public void Say(string text) => _gate.Say(text);

        public void End() => _gate.End();

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _gone.TrySetResult();
            throw new InvalidDataException();
        }
    }
}
