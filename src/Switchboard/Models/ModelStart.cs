using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Steps;

namespace Switchboard.Models;

/// <summary>
/// Has the models built before anything listens, in whatever order a shell has added its server: templates, patterns and the tokenizer's tables
/// take up to a second, which the first caller would hear as dead air.
/// </summary>
internal sealed class ModelStart(ModelCatalog models, IOptions<SwitchboardOptions> options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // They were built to be handed over; only the tokenizer loads on its own.
        _ = models;
        if (options.Value.Models.Any(model => model.History.MaxTokens is not null))
        {
            await TokenCount.WarmAsync().WaitAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
