using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caller.Tests.Commands;
using Caller.Tests.Servers;

namespace Caller.Tests.Talk;

public sealed class TalkCommandTests : IDisposable
{
    private static readonly string[] DirectivePieces = ["{{emotion=", "happy}}Good", "bye.<imsagent_", "hangup endword=\"x\"/>"];

    private readonly string _folder = Directory.CreateTempSubdirectory("caller-tests").FullName;
    private readonly ConcurrentQueue<JsonObject> _bodies = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_Script_PlaysTurnsUntilTheServerHangsUp()
    {
        await using var server = await FixtureServer.StartAsync(Recording(new ServerBehaviour()));
        using var host = new TestHost();

        var exit = await TalkAsync(host, server, "# a comment\nHello\n\nbye\nnever said\n", "--user-data", "{\"a\":1}", "--instance-id", "call-7", "--channel-id", "9");

        Assert.Equal(0, exit);
        Assert.Contains("agent > This is the fixture, and what I heard was: Hello", host.Console, StringComparison.Ordinal);
        Assert.Contains("-> the platform hangs up: tool call hangup({})", host.Console, StringComparison.Ordinal);
        Assert.Contains("The call is over.", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("never said", host.Console, StringComparison.Ordinal);
        Assert.Equal(
            ["""{"instanceId":"call-7","channelId":"9","sentenceId":1,"userData":"{\u0022a\u0022:1}"}""", """{"instanceId":"call-7","channelId":"9","sentenceId":2,"userData":"{\u0022a\u0022:1}"}"""],
            _bodies.Select(body => body["extendData"]!.ToJsonString()));
    }

    [Theory]
    [InlineData(true, "one two<ims_agent_interrupted>")]
    [InlineData(false, "one two")]
    public async Task RunAsync_ScriptedBargeIn_HangsUpAndKeepsHistoryAsThePlatformDoes(bool historySync, string kept)
    {
        var hungUp = new TaskCompletionSource();
        await using var server = await FixtureServer.StartAsync(Recording(HoldingBack(hungUp)));
        using var host = new TestHost();

        var exit = await TalkAsync(host, server, "!2 count from one\nHello\n", historySync ? ["--history-sync"] : []);

        Assert.Equal(0, exit);
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
        var messages = (JsonArray)_bodies.Last()["messages"]!;
        Assert.Equal(["count from one", kept, "Hello"], messages.Select(message => message!["content"]!.GetValue<string>()));
    }

    [Fact]
    public async Task RunAsync_InterruptDuringAnswer_GoesOnWithTheNextTurn()
    {
        var hungUp = new TaskCompletionSource();
        await using var server = await FixtureServer.StartAsync(Recording(HoldingBack(hungUp)));
        using var host = new TestHost { Input = new StringReader("count from one\nHello\n") };
        var interrupting = InterruptAfterFirstAnswerAsync(host);

        var exit = await host.RunAsync("talk", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key);

        await interrupting;
        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, exit);
        Assert.Contains("the caller interrupts", host.Console, StringComparison.Ordinal);
        Assert.Contains("what I heard was: Hello", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_InterruptAtThePrompt_EndsTheCall()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost { Input = new NeverTyped() };
        host.Interrupts.Raise();

        var exit = await host.RunAsync("talk", server.BaseUrl, "--model", "abc");

        Assert.Equal(0, exit);
        Assert.Contains("The caller hangs up.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Record_HoldsEverythingButTheKey()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            Headers = response =>
            {
                Conforming.Headers(response);
                response.Headers["X-Echo"] = ServerBehaviour.Key;
            },
        });
        using var host = new TestHost();
        var record = Path.Combine(_folder, "r.jsonl");

        // The caller says the key aloud, so the answer holds it too.
        await TalkAsync(host, server, $"My key is {ServerBehaviour.Key}\n", "--record", record);

        var lines = await File.ReadAllLinesAsync(record, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(lines, line => line.Contains(ServerBehaviour.Key, StringComparison.Ordinal));
        Assert.DoesNotContain("agent > This is the fixture, and what I heard was: My key is " + ServerBehaviour.Key, host.Console, StringComparison.Ordinal);
        var kinds = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()!).ToList();
        Assert.Equal(["call", "request", "response"], kinds.Take(3));
        Assert.Equal("end", kinds[^1]);
        Assert.True(kinds.Count(kind => kind == "event") > 5);
        Assert.True(JsonDocument.Parse(lines[^1]).RootElement.GetProperty("firstSpeechMs").GetDouble() > 0);
    }

    [Fact]
    public async Task RunAsync_RefusedTurn_IsShownAndReturnsOne()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        var exit = await TalkAsync(host, server, "Hello\n", "--key", "wrong-key-000");

        Assert.Equal(1, exit);
        Assert.Contains("!! the caller hears nothing: status 401", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-key-000", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ScriptWithABadLine_ReturnsTwoAndNamesIt()
    {
        using var host = new TestHost();
        var say = Path.Combine(_folder, "say.txt");
        await File.WriteAllTextAsync(say, "Hello\n!x stop\n", TestContext.Current.CancellationToken);

        Assert.Equal(2, await host.RunAsync("talk", "http://127.0.0.1:1", "--model", "abc", "--say", say));
        Assert.Contains("line 2: '!x stop'", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Directives_AreShownAsWhatThePlatformDoes()
    {
        await using var server = await FixtureServer.StartAsync(Recording(new ServerBehaviour
        {
            Chunks = turn => Conforming.Chunks(turn).Take(1)
                .Concat(DirectivePieces.Select(text => Conforming.Chunk(turn, new JsonObject { ["content"] = text })))
                .Append(Conforming.Chunk(turn, [], "stop")),
        }));
        using var host = new TestHost();

        Assert.Equal(0, await TalkAsync(host, server, "Hello\nnever said\n"));

        Assert.Contains("agent > Goodbye.", host.Console, StringComparison.Ordinal);
        Assert.Contains("-> the platform will hang up: <imsagent_hangup endword=\"x\"/>", host.Console, StringComparison.Ordinal);
        Assert.Single(_bodies);
    }

    private async Task<int> TalkAsync(TestHost host, FixtureServer server, string script, params string[] more)
    {
        var say = Path.Combine(_folder, "say.txt");
        await File.WriteAllTextAsync(say, script, TestContext.Current.CancellationToken);
        string[] key = more.Contains("--key") ? [] : ["--key", ServerBehaviour.Key];
        return await host.RunAsync(["talk", server.BaseUrl, "--model", "abc", "--say", say, .. key, .. more]);
    }

    private ServerBehaviour Recording(ServerBehaviour behaviour) => behaviour with
    {
        Validate = body =>
        {
            _bodies.Enqueue((JsonObject)body.DeepClone());
            return Conforming.Validate(body);
        },
    };

    /// <summary>Sends the beginning of the long answer and then waits until the caller hangs up.</summary>
    private static ServerBehaviour HoldingBack(TaskCompletionSource hungUp) => new()
    {
        AroundTurn = async (context, turn, inner) =>
        {
            if (!turn.Said.StartsWith("count from one", StringComparison.Ordinal))
            {
                await inner();
                return;
            }

            context.RequestAborted.Register(() => hungUp.TrySetResult());
            Conforming.Headers(context.Response);
            await Conforming.WriteAsync(context, Conforming.Frames(Conforming.Chunks(turn)).Take(3).Select(System.Text.Encoding.UTF8.GetBytes));
            await hungUp.Task;
        },
    };

    /// <summary>Ctrl+C as soon as the answer is heard.</summary>
    private static async Task InterruptAfterFirstAnswerAsync(TestHost host)
    {
        await host.Heard("agent > one two");
        host.Interrupts.Raise();
    }

    private sealed class NeverTyped : TextReader
    {
        public override string? ReadLine()
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TestContext.Current.CancellationToken);
            return null;
        }
    }
}
