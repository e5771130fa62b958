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
}
