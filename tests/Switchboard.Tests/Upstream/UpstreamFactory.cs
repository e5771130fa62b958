using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>Makes upstream clients the way the app does, with its handler.</summary>
internal sealed class UpstreamFactory : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public UpstreamFactory(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)).AddUpstreams(_ => true);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    /// <summary>What was logged, if fake logging was added.</summary>
    public FakeLogCollector Logs => _services.GetFakeLogCollector();

    public UpstreamChatClient Create(Uri baseUrl, Action<UpstreamOptions>? configure = null)
    {
        var options = new UpstreamOptions { BaseUrl = baseUrl, Model = "up" };
        configure?.Invoke(options);
        return _services.GetRequiredService<UpstreamClients>().Create("voice", options);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
