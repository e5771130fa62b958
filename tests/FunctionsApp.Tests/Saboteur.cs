using System.Runtime.Loader;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: HostingStartup(typeof(FunctionsApp.Tests.Saboteur))]

namespace FunctionsApp.Tests
{
    /// <summary>A plug-in of the published worker that ends it, in the way that <see cref="Variable"/> names.</summary>
    public sealed class Saboteur : IHostingStartup
    {
        private const string Variable = "SABOTAGE";

        /// <summary>The settings with which a worker brings this along.</summary>
        internal static IReadOnlyDictionary<string, string?> Settings(string way) => new Dictionary<string, string?>
        {
            [Variable] = way,
            ["DOTNET_STARTUP_HOOKS"] = typeof(Saboteur).Assembly.Location,
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(Saboteur).Assembly.GetName().Name,
        };

        public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddHostedService<Service>());

        private sealed class Service(IHostApplicationLifetime lifetime) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var start = lifetime.ApplicationStarted.Register(started.SetResult);
                await started.Task.WaitAsync(stoppingToken);
                switch (Environment.GetEnvironmentVariable(Variable))
                {
                    case "background service":
                        throw new InvalidOperationException("words of a caller");
                    case "StopApplication":
                        lifetime.StopApplication();
                        break;
                    case "Exit(0)":
                        Environment.Exit(0);
                        break;
                    case var way:
                        throw new NotSupportedException(way);
                }
            }
        }
    }
}

/// <summary>Lets the worker find this assembly and what it refers to.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, $"{name.Name}.dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
