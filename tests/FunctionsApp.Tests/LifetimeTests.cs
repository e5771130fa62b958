using System.Net;

namespace FunctionsApp.Tests;

/// <summary>How the worker ends: the host starts it again after any code but 0, and after 0 lets every call wait for ever.</summary>
public sealed class LifetimeTests
{
    private static CancellationToken Cancelled => PublishedWorker.Cancelled;

    [Theory]
    [InlineData("TERM", 200)]
    [InlineData("INT", 200)]
    [InlineData("KILL", 137)]
    public async Task Worker_Signal_EndsWithACodeThatTheHostRestarts(string signal, int code)
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings);
        host.Worker.Signal(signal);
        var end = await host.Worker.EndAsync(Cancelled);

        Assert.True(code == end, $"{end}: {string.Join('\n', host.Worker.Errors)}");
    }

    [Fact]
    public async Task Worker_ToldByTheHost_EndsWithinItsGrace()
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings);

        Assert.Equal(200, await host.StopWorkerAsync(Cancelled));
    }

    [Theory]
    [InlineData("StopApplication", 200)]
    [InlineData("Exit(0)", 200)]
    [InlineData("background service", 1)]
    public async Task Worker_EndedFromWithin_EndsWithACodeThatTheHostRestarts(string way, int code)
    {
        await using var host = await PublishedWorker.StartWorkerAsync(PublishedWorker.Settings.Concat(Saboteur.Settings(way)));

        Assert.Equal(code, await host.Worker.EndAsync(Cancelled));
    }

    [Fact]
    public async Task Worker_BackgroundServiceFails_SaysSoOnceWithoutItsWords()
    {
        await using var host = await PublishedWorker.StartWorkerAsync(PublishedWorker.Settings.Concat(Saboteur.Settings("background service")));
        await host.Worker.EndAsync(Cancelled);

        var line = Assert.Single(host.Worker.Errors, line => line.Contains(nameof(InvalidOperationException), StringComparison.Ordinal));
        Assert.StartsWith("Error: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Worker.Errors, line => line.Contains("words of a caller", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_EndedWhileACallIsOpen_EndsTheCall()
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings.Append(new("Models__0__Simulated__Delay", "00:01:00")));
        using var client = new Client(host.Address);
        using var response = await client.PostAsync(Client.Turn("demo"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        host.Worker.Signal("KILL");

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Cancelled));
    }
}
