using System.Net;

namespace FunctionsApp.Tests;

/// <summary>The host tells the worker to end while an answer runs, and kills it 5 s later.</summary>
public sealed class StopTests
{
    // A worker that was killed has another code.
    private const int AskedToEnd = 200;

    private static CancellationToken Cancelled => PublishedWorker.Cancelled;

    [Fact]
    public async Task Worker_ToldToEndInAnAnswer_LetsItEndAndBeginsNoOther()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings);
        using var client = new Client(host.Address);
        var posting = client.PostAsync(Client.Turn("demo"), HttpCompletionOption.ResponseHeadersRead);
        var turn = await upstream.NextAsync();
        turn.Say("One ");
        using var response = await posting;

        var end = host.StopWorkerAsync(Cancelled);
        await StoppingAsync(client);
        using (var refused = await client.PostAsync(Client.Turn("demo")))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, $"{refused.Headers.RetryAfter}"));
            Assert.Contains("\"server_stopping\"", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        turn.Say("two.");
        turn.End();

        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(AskedToEnd, await end);
    }

    [Fact]
    public async Task Worker_ToldToEndInAnAnswerThatDoesNot_EndsItWholeWithinTheGrace()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings.Append(new("Models__0__Apology", "Sorry.")));
        using var client = new Client(host.Address);
        var posting = client.PostAsync(Client.Turn("demo"), HttpCompletionOption.ResponseHeadersRead);
        (await upstream.NextAsync()).Say("One ");
        using var response = await posting;

        Assert.Equal(AskedToEnd, await host.StopWorkerAsync(Cancelled));

        var answer = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("Sorry.", answer, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal);
    }

    // The word of the host takes its time; within the grace it is there.
    private static async Task StoppingAsync(Client client)
    {
        while (true)
        {
            using var ready = await client.GetAsync("health/ready");
            if (ready.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                Assert.Equal("{\"status\":\"stopping\"}", await ready.Content.ReadAsStringAsync(Cancelled));
                return;
            }

            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }
    }
}
