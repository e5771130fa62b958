using System.Net;

namespace FunctionsApp.Tests;

/// <summary>What somebody who looks for the cause finds: on standard error, which the host shows, a line for each thing that is wrong.</summary>
public sealed class StartTests
{
    private static CancellationToken Cancelled => PublishedWorker.Cancelled;

    [Fact]
    public async Task Start_BadSettings_EndsWithOneLineThatNamesEveryFault()
    {
        await using var host = await PublishedWorker.StartWorkerAsync(PublishedWorker.Settings.Concat(
            [new("Limits__MaxMessages", "many"), new("Models__1__Id", "magic"), new("Models__1__Responder", "magic")]));

        Assert.Equal(1, await host.Worker.EndAsync(Cancelled));
        var line = Assert.Single(host.Worker.Errors);
        Assert.StartsWith("Error: The settings are wrong: ", line, StringComparison.Ordinal);
        Assert.Contains("Limits:MaxMessages: expected a number, found many.", line, StringComparison.Ordinal);
        Assert.Contains("Models:1:Responder: no such responder", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoKey_SaysSoOnceWhereTheHostShowsIt()
    {
        await using var host = await PublishedWorker.StartAsync(new KeyValuePair<string, string?>("Models__0__Id", "demo"));
        using var client = new Client(host.Address);
        using var turn = await client.PostAsync(Client.Turn("demo"));
        using var ready = await client.GetAsync("health/ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (turn.StatusCode, ready.StatusCode));
        var line = Assert.Single(host.Worker.Errors);
        Assert.StartsWith("Error: Switchboard.Keys.AccessNotice 302: No API key is configured", line, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Logs, log => log.IsShown && log.Message.Contains("No API key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_UnreachableVault_SaysWhyOnceWhereTheHostShowsIt()
    {
        // Nothing listens on port 1.
        await using var host = await PublishedWorker.StartAsync(
            [new("Models__0__Id", "demo"), new("Access__KeyVault__Uri", "https://127.0.0.1:1/"), new("IDENTITY_ENDPOINT", "http://127.0.0.1:1/"), new("IDENTITY_HEADER", "header")]);
        var line = await host.Worker.ErrorAsync("could not be loaded yet", Cancelled);
        using var client = new Client(host.Address);
        using var ready = await client.GetAsync("health/ready");

        Assert.StartsWith("Error: Switchboard.Vault.VaultRefresh 307: ", line, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Single(host.Worker.Errors, other => other.Contains("could not be loaded yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AllWell_WritesNothingToStandardError()
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings);
        using var client = new Client(host.Address);
        using var turn = await client.PostAsync(Client.Turn("demo"));

        Assert.Equal(HttpStatusCode.OK, turn.StatusCode);
        Assert.Empty(host.Worker.Errors);
        Assert.Contains(host.Logs, log => log.IsShown && log.Message.StartsWith("Turn ended: ", StringComparison.Ordinal));
    }
}
