using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Switchboard.Common;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Turn;

/// <summary>What an upstream remembered of a prompt, by whatever name it says so, reaches whoever pays for it.</summary>
public sealed class CachedTokenTests
{
    public static TheoryData<string, long?> Usages => new()
    {
        { "'prompt_tokens_details':{'cached_tokens':5}", 5 },
        { "'prompt_cache_hit_tokens':5,'prompt_cache_miss_tokens':2", 5 },
        { "'cached_tokens':5", 5 },
        { "'cache_read_input_tokens':5,'cache_creation_input_tokens':0", 5 },
        { "'prompt_cache_hit_tokens':6,'prompt_tokens_details':{'cached_tokens':5}", 5 },
        { "'prompt_tokens_details':{'cached_tokens':5},'prompt_cache_hit_tokens':6", 5 },
        { "'prompt_tokens_details':null,'cached_tokens':-5", null },
        { "'prompt_tokens_details':{'cached_tokens':0}", 0 },
    };

    [Theory]
    [MemberData(nameof(Usages))]
    public async Task Turn_UpstreamRemembersItsPrompt_IsToldInUsageMetricsAndSpans(string usage, long? cached)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SwitchboardSource.Name or SwitchboardSource.GenAI,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var ofCall = $$""","extendData":{"instanceId":"{{Guid.NewGuid():N}}"}""";
        await using var call = await StartAsync([Round(usage), Round(usage)]);
        using var tokens = new MetricCollector<long>(call.Rig.Host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.turn.tokens");

        var events = (await call.SayAsync(more: ofCall + ""","stream_options":{"include_usage":true}""")).Split("\n\n");
        using var whole = JsonDocument.Parse(await call.SayAsync(more: ofCall, stream: false));
        await call.Rig.Host.WaitForTurnEndAsync();

        var details = cached is null ? "" : $$$""","prompt_tokens_details":{"cached_tokens":{{{cached}}}}""";
        var expected = $$$"""{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10{{{details}}}}""";
        Assert.EndsWith($"\"usage\":{expected}}}", events[^3], StringComparison.Ordinal);
        Assert.Equal(expected, whole.RootElement.GetProperty("usage").GetRawText());
        Assert.Equal(2 * cached, Sum(tokens, "cached"));
        Assert.Equal((14, 6), (Sum(tokens, "input"), Sum(tokens, "output")));
        Assert.Equal(
            cached is null ? [null, null] : [(object)(int)cached, (int)cached],
            spans.Where(turn => turn.GetTagItem("switchboard.call") is string id && ofCall.Contains(id, StringComparison.Ordinal))
                .Select(turn => spans.Single(chat => chat.ParentSpanId == turn.SpanId).GetTagItem("gen_ai.usage.cache_read.input_tokens")));
    }

    private static string Round(string usage) => Sse.Text("Hello.") + Sse.Finish()
        + Sse.Usage.Replace("\"total_tokens\":10", $"\"total_tokens\":10,{usage.Replace('\'', '"')}", StringComparison.Ordinal) + Sse.Done;

    private static long? Sum(MetricCollector<long> tokens, string type)
    {
        var counts = tokens.GetMeasurementSnapshot().Where(count => (string?)count.Tags["type"] == type).ToList();
        Assert.All(counts, count => Assert.Equal("voice", count.Tags["model"]));
        return counts.Count == 0 ? null : counts.Sum(count => count.Value);
    }
}
