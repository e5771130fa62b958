using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsApp.Tests;

/// <summary>A request that never came from the host is no failed invocation: anybody could fill the log with such.</summary>
public sealed class LostRequestsTests
{
    private readonly Clock _clock = new();
    private readonly Lines _lines = new();
    private readonly LostRequests _step;

    public LostRequestsTests() => _step = new LostRequests(_clock, _lines);

    [Fact]
    public async Task Invoke_RequestNeverCame_SucceedsAndIsToldOnceAMinuteWithTheCount()
    {
        await LoseAsync(new TimeoutException());
        await LoseAsync(new TimeoutException());
        await LoseAsync(new TaskCanceledException());
        Assert.StartsWith("1 requests broke off", Assert.Single(_lines.All), StringComparison.Ordinal);

        _clock.Now += LostRequests.Interval;
        await LoseAsync(new TimeoutException());

        Assert.Equal(2, _lines.All.Count);
        Assert.StartsWith("3 requests broke off", _lines.All[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_RequestCameAndItsFunctionFails_FailsTheInvocation()
    {
        var context = new Invocation { Items = { ["HttpRequestContext"] = new DefaultHttpContext() } };

        await Assert.ThrowsAsync<TimeoutException>(() => _step.Invoke(context, _ => throw new TimeoutException()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _step.Invoke(new Invocation(), _ => throw new InvalidOperationException()));
        Assert.Empty(_lines.All);
    }

    private Task LoseAsync(Exception failure) => _step.Invoke(new Invocation(), _ => throw failure);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class Lines : ILogger<LostRequests>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }

    private sealed class Invocation : FunctionContext
    {
        public override string InvocationId => "invocation";

        public override string FunctionId => "function";

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = null!;

        public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }
}
