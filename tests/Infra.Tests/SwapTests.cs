using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Infra.Tests;

/// <summary>infra/swap with the real caller, the real app and a stand-in of the platform's API.</summary>
public sealed class SwapTests : IDisposable
{
    private const string PlatformKey = "platform-key-\"that\\no-process-list-shows";

    private static readonly string Caller = Repository.PathOf(
        "src", "Caller", "bin", typeof(SwapTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", "caller.dll");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-");

    [Theory]
    [InlineData("vapi", "/assistant/a-1", "Authorization", "Bearer " + PlatformKey,
        """{"id":"a-1","model":{"provider":"custom-llm","url":"https://old.example/v1","model":"reception"},"voice":{"voiceId":"v"}}""",
        """{"model":{"provider":"custom-llm","url":"<new>","model":"reception"}}""")]
    [InlineData("elevenlabs", "/v1/convai/agents/a-1", "xi-api-key", PlatformKey,
        """{"agent_id":"a-1","conversation_config":{"agent":{"prompt":{"llm":"custom-llm","custom_llm":{"url":"https://old.example/v1","model_id":"reception"}}}}}""",
        """{"conversation_config":{"agent":{"prompt":{"custom_llm":{"url":"<new>","model_id":"reception"}}}}}""")]
    public async Task Swap_DeploymentThatPasses_ChangesTheUrlAndNothingElse(string platform, string path, string header, string key, string agent, string change)
    {
        await using var host = await StartAsync();
        await using var api = await StandInAsync(path, header, key, agent);

        var (exit, output) = await SwapAsync([platform, "a-1", $"{host.Address}v1"], api.App.Urls.Single());

        Assert.True(exit == 0, output);
        Assert.Equal(change.Replace("<new>", $"{host.Address}v1", StringComparison.Ordinal), Assert.Single(api.Changes));
        Assert.Contains($"Back again: infra/swap back {platform} a-1 https://old.example/v1", output, StringComparison.Ordinal);
        Assert.DoesNotContain(PlatformKey, output, StringComparison.Ordinal);
    }

    // In an outage nothing may stand between the old address and the agent.
    [Theory]
    [InlineData("https://old.example/chat?code=a&b=c")]
    [InlineData("http://127.0.0.1:9/v1")]
    public async Task SwapBack_AnyAddress_IsEnteredUnchecked(string old)
    {
        await using var api = await StandInAsync("/assistant/a-1", "Authorization", $"Bearer {PlatformKey}", """{"model":{"url":"https://new.example/v1"}}""");

        var (exit, output) = await SwapAsync(["back", "vapi", "a-1", old], api.App.Urls.Single(), ("CALLER", "false"), ("CALLER_KEY", ""), ("TURNS", "/nowhere"));

        Assert.True(exit == 0, output);
        Assert.Equal(old, JsonNode.Parse(Assert.Single(api.Changes))!["model"]!["url"]!.GetValue<string>());
        Assert.Contains("Back again: infra/swap back vapi a-1 https://new.example/v1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong-key", "caller check failed")]
    [InlineData("other-answer", "expected = breakfast is served at noon: the answer does not hold it")]
    [InlineData("no-deployment", "caller check failed")]
    public async Task Swap_DeploymentThatDoesNotPass_ChangesNothing(string fault, string message)
    {
        await using var host = await StartAsync();
        await using var api = await StandInAsync("/assistant/a-1", "Authorization", $"Bearer {PlatformKey}", """{"model":{"url":"https://old.example/v1"}}""");
        var turns = Path.Combine(_folder.FullName, "turns.txt");
        await File.WriteAllTextAsync(turns, "When is breakfast?\n= breakfast is served at noon\n", TestContext.Current.CancellationToken);
        // Port 9 of the loopback address has nobody behind it.
        var url = fault == "no-deployment" ? "http://127.0.0.1:9/v1" : $"{host.Address}v1";

        var (exit, output) = await SwapAsync(
            ["vapi", "a-1", url], api.App.Urls.Single(), ("TURNS", turns), ("CALLER_KEY", fault == "wrong-key" ? "a-key-that-nobody-gave-out" : TestHost.Key));

        Assert.Equal(1, exit);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);
    }

    // The checks take minutes: what is changed there meanwhile stays, and who changed the address is not overruled.
    [Theory]
    [InlineData("""{"model":{"url":"https://old.example/v1","messages":"P2"}}""", """{"model":{"url":"<new>","messages":"P2"}}""")]
    [InlineData("""{"model":{"url":"https://third.example/v1"}}""", null)]
    public async Task Swap_AgentThatIsChangedDuringTheChecks_KeepsTheChange(string meanwhile, string? change)
    {
        await using var host = await StartAsync();
        await using var api = await StandInAsync("/assistant/a-1", "Authorization", $"Bearer {PlatformKey}", """{"model":{"url":"https://old.example/v1","messages":"P1"}}""", later: meanwhile);

        var (exit, output) = await SwapAsync(["vapi", "a-1", $"{host.Address}v1"], api.App.Urls.Single());

        Assert.True(exit == (change is null ? 1 : 0), output);
        Assert.Equal(change is null ? [] : [change.Replace("<new>", $"{host.Address}v1", StringComparison.Ordinal)], api.Changes);
        Assert.Contains(change is null ? "asks https://third.example/v1 by now" : "from now on", output, StringComparison.Ordinal);
    }

    // What the checks ask with, and the platform would not send.
    [Theory]
    [InlineData("vapi")]
    [InlineData("elevenlabs")]
    public async Task Swap_CheckedWithAQuery_IsRefusedWhereThePlatformSendsNone(string platform)
    {
        var (exit, output) = await SwapAsync([platform, "a-1", "https://new.example/v1"], "http://127.0.0.1:9", ("CALLER_ARGS", "--query code=secret-of-the-host"));

        Assert.Equal(1, exit);
        Assert.Contains("sends no query", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-host", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":{"provider":"openai"}}""", "has no base URL of its own")]
    [InlineData(null, "does not tell of a-1")]
    public async Task Swap_AgentWithoutAnUrl_IsNotChanged(string? agent, string message)
    {
        await using var api = await StandInAsync("/assistant/a-1", "Authorization", $"Bearer {PlatformKey}", agent);

        var (exit, output) = await SwapAsync(["vapi", "a-1", "https://new.example/v1"], api.App.Urls.Single());

        Assert.Equal(1, exit);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Empty(api.Changes);
    }

    [Fact]
    public async Task Swap_PlatformThatKeepsTheOldUrl_SaysSo()
    {
        await using var host = await StartAsync();
        await using var api = await StandInAsync("/assistant/a-1", "Authorization", $"Bearer {PlatformKey}", """{"model":{"url":"https://old.example/v1"}}""", heeds: false);

        var (exit, output) = await SwapAsync(["vapi", "a-1", $"{host.Address}v1"], api.App.Urls.Single());

        Assert.Equal(1, exit);
        Assert.Contains("still asks https://old.example/v1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swap_PlatformWithoutAnApi_SaysWhatToEnter()
    {
        await using var host = await StartAsync();

        var (exit, output) = await SwapAsync(["print", "Front desk", $"{host.Address}v1"], api: null);

        Assert.True(exit == 0, output);
        Assert.EndsWith($"\"Target model HTTPS address\":\n{host.Address}v1\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "usage: ", "vapi", "a-1")]
    [InlineData(2, "usage: ", "retell", "a-1", "https://new.example/v1")]
    [InlineData(1, "is no base URL", "vapi", "a-1", "https://new.example")]
    [InlineData(1, "is no address", "vapi", "a-1", "https://new.example/\"x/v1")]
    [InlineData(1, "is no address", "back", "vapi", "a-1", "old.example/v1")]
    [InlineData(2, "usage: ", "back", "vapi", "a-1")]
    [InlineData(1, "is no id", "vapi", "../phone-number/1", "https://new.example/v1")]
    public async Task Swap_WrongArguments_AreRefusedBeforeAnythingIsAsked(int expected, string message, params string[] arguments)
    {
        var (exit, output) = await SwapAsync(arguments, "http://127.0.0.1:9");

        Assert.Equal(expected, exit);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<TestHost> StartAsync() => SampleHost.StartAsync();

    private static async Task<StandIn> StandInAsync(string path, string header, string key, string? agent, bool heeds = true, string? later = null)
    {
        var reads = 0;
        var changes = new List<string>();
        var stored = agent is null ? null : JsonNode.Parse(agent)!.AsObject();
        var app = await Loopback.StartAsync(app =>
        {
            app.MapGet(path, (HttpRequest request) =>
            {
                // Somebody else is at work behind the first look.
                stored = later is not null && ++reads == 2 ? JsonNode.Parse(later)!.AsObject() : stored;
                return request.Headers[header] == key && stored is not null ? Results.Text(stored.ToJsonString(), "application/json") : Results.Unauthorized();
            });
            app.MapPatch(path, async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                var change = JsonNode.Parse(await reader.ReadToEndAsync(TestContext.Current.CancellationToken))!.AsObject();
                changes.Add(change.ToJsonString());
                if (heeds)
                {
                    stored = new JsonObject(change.Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())));
                }

                return request.Headers[header] == key ? Results.Text("{}", "application/json") : Results.Unauthorized();
            });
        });
        return new StandIn(app, changes);
    }

    private static async Task<(int Exit, string Output)> SwapAsync(string[] arguments, string? api, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Repository.PathOf("infra", "swap"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CALLER"] = $"dotnet {Caller}";
        start.Environment["CALLER_KEY"] = TestHost.Key;
        start.Environment["PLATFORM_KEY"] = PlatformKey;
        start.Environment["PLATFORM_API"] = api;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await errors + output);
    }

    private sealed record StandIn(WebApplication App, List<string> Changes) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
