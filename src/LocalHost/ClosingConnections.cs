using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Turn;

namespace LocalHost;

/// <summary>
/// Closes the connections of an app that stops: those that wait for their next request at once, the others behind their answer, which says so
/// (<c>Connection: close</c>). A client that keeps one would send its next turn to this instance, which begins none any more. Behind the Functions host there is but one client,
/// the host itself, which knows.
/// </summary>
internal static class ClosingConnections
{
    /// <summary>How long what is still open has to end once the turns are over. What never became a request would otherwise be waited for as long as the host waits at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Has the server, when it stops, close after <see cref="Patience"/> what is still open.</summary>
    public static void AddClosingServer(this IServiceCollection services)
    {
        var kestrel = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(kestrel);
        services.AddSingleton<IServer>(provider =>
            new ClosingServer((IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!), provider.GetRequiredService<TimeProvider>()));
    }

    public static void UseClosingConnections(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<TurnDrain>();
        var open = new ConditionalWeakTable<IConnectionLifetimeNotificationFeature, object>();
        drain.Stopping.Register(() =>
        {
            foreach (var (connection, _) in open)
            {
                connection.RequestClose();
            }
        });
        app.Use((context, next) =>
        {
            if (context.Features.Get<IConnectionLifetimeNotificationFeature>() is { } connection)
            {
                open.TryAdd(connection, open);
                // Here too: whichever of the two comes first, the connection is known to the other.
                if (drain.IsStopping)
                {
                    connection.RequestClose();
                }
            }

            return next(context);
        });
    }

    private sealed class ClosingServer(IServer server, TimeProvider time) : IServer
    {
        public IFeatureCollection Features => server.Features;

        public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull
        {
            try
            {
                await server.StartAsync(application, cancellationToken);
            }
            catch (Exception failure) when (failure is InvalidOperationException or NotSupportedException or FormatException or ArgumentException)
            {
                throw new EndpointException(failure);
            }
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await server.StopAsync(either.Token);
        }

        public void Dispose() => server.Dispose();
    }
}

/// <summary>Kestrel cannot make sense of where it is to listen. Here it is known to be the settings; the same exceptions from elsewhere are faults of this app.</summary>
internal sealed class EndpointException(Exception cause) : Exception(cause.Message, cause);
