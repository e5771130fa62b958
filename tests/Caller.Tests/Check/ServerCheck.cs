using Caller.Check;
using Caller.Tests.Servers;
using Caller.Wire;

namespace Caller.Tests.Check;

/// <summary>Runs the check against a server.</summary>
internal static class ServerCheck
{
    public static Task<CheckReport> RunAsync(FixtureServer server, CheckOptions? options = null, TimeProvider? time = null) =>
        RunAsync(server.BaseUrl, options, time);

    public static async Task<CheckReport> RunAsync(string baseUrl, CheckOptions? options = null, TimeProvider? time = null)
    {
        var full = options?.Platform.FullUrl == true;
        Assert.True(Caller.Wire.Endpoint.TryCreate(full ? baseUrl + Caller.Wire.Endpoint.Appended : baseUrl, [], out var endpoint, out var error, full), error);
        time ??= TimeProvider.System;
        var client = new PlatformClient(TestClients.Factory, endpoint, time);
        return await new CheckRun(client, options ?? Options, time).ExecuteAsync(null, TestContext.Current.CancellationToken);
    }

    public static CheckOptions Options => new() { Model = ServerBehaviour.Model, Key = ServerBehaviour.Key, HangUpText = "bye" };

    public static string[] Failed(CheckReport report, CheckLevel level) =>
        [.. report.Results.Where(result => result.Check.Level == level && result.Verdict.Outcome == Outcome.Failed).Select(result => result.Check.Id)];

    public static string Show(CheckReport report) => string.Join('\n', report.Results
        .Where(result => result.Verdict.Outcome is Outcome.Failed or Outcome.NotRun)
        .Select(result => $"{result.Verdict.Outcome} {result.Check.Id}: {result.Verdict.Seen}"));
}
