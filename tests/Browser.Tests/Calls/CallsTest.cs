using Browser.Tests.Browsing;
using Microsoft.Playwright;
using Switchboard.Transcripts;

namespace Browser.Tests.Calls;

/// <summary>A test whose app has transcripts of its own, at eight in the evening of 24 November 2026.</summary>
public abstract class CallsTest(Chromium chromium, SharedAzurite azurite) : BrowserTest(chromium)
{
    private protected const string OperatorKey = "operator-key-91c2-5f7b30ad";

    private readonly string _prefix = SharedAzurite.NewPrefix();

    private protected async Task<StoreRig> StoreAsync() => new(await azurite.GetAsync(), _prefix);

    private protected async Task WriteAsync(params TurnTranscript[] turns)
    {
        var store = await StoreAsync();
        foreach (var turn in turns)
        {
            await store.WriteAsync(turn);
        }
    }

    private protected async Task<(Visit Visit, CallsPane Calls)> OpenCallsAsync(BrowserNewContextOptions? options = null)
    {
        var host = await StartAsync(settings: new Dictionary<string, string?>
        {
            ["Access:OperatorKeys:0"] = OperatorKey,
            ["Access:CallbackTokens:0"] = "callback-token-2f7d-a0c1",
            ["Transcripts:ConnectionString"] = (await azurite.GetAsync()).ConnectionString,
            ["Transcripts:TablePrefix"] = _prefix,
            ["Transcripts:RetentionDays"] = "0",
        });
        var visit = await VisitAsync(host, options);
        await visit.Page.Clock.InstallAsync(new() { TimeDate = StoreRig.Start.UtcDateTime });
        await visit.OpenConsoleAsync();
        return (visit, new CallsPane(visit.Page));
    }
}
