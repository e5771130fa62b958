using System.Text.Json;
using Caller.Tests.Servers;

namespace Caller.Tests.Commands;

public sealed class LoadCommandTests
{
    public static TheoryData<string[], int> Lines => new()
    {
        { [], 10 },
        { ["--calls", "3"], 3 },
        { ["--rate", "8"], 5000 },
        { ["--rate", "8", "--calls", "3"], 3 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task RunAsync_CallsAtOnce_AreFewOnlyWhereTheLoopIsClosed(string[] args, int expected)
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        // No time to make a call in: only the options are looked at.
        var exit = await host.RunAsync(["load", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--duration", "0s", "--think", "0s", "--json", .. args]);

        Assert.Equal(1, exit);
        using var json = JsonDocument.Parse(host.Output);
        Assert.Equal(expected, json.RootElement.GetProperty("maxCalls").GetInt32());
    }

    [Fact]
    public async Task RunAsync_ScriptOfATest_SaysItsTurnsAlone()
    {
        await using var server = await CannedServer.StartAsync(Canned.Says("Good evening."));
        using var host = new TestHost();
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, "# greeting\nHello\n= evening\n!3 Tell me a story\n-> hangup\n", TestContext.Current.CancellationToken);

            // The turn that warms up says what the first turn of a call says.
            server.OnRequest = number => Interrupt(host, number == 3);
            await host.RunAsync("load", $"{server.Address}/v1", "--model", "abc", "--key", "k", "--calls", "1", "--duration", "1m", "--think", "0s", "--turns", "2", "--say", script);
        }
        finally
        {
            File.Delete(script);
        }

        Assert.Equal(["Hello", "Hello", "Tell me a story"], server.Seen.Take(3).Select(seen => seen.Messages[^1]!["content"]!.GetValue<string>()));
    }

    [Fact]
    public async Task RunAsync_ScriptThatHoldsNothing_IsRefused()
    {
        using var host = new TestHost();
        var script = Path.GetTempFileName();
        try
        {
            Assert.Equal(2, await host.RunAsync("load", "http://127.0.0.1:1/v1", "--model", "abc", "--say", script));
        }
        finally
        {
            File.Delete(script);
        }

        Assert.Contains("it holds nothing to say.", host.Error, StringComparison.Ordinal);
    }

    private static void Interrupt(TestHost host, bool now)
    {
        if (now)
        {
            host.Interrupts.Raise();
        }
    }
}
