using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>The settings, for what is registered by factory.</summary>
internal static class FeatureServices
{
    /// <summary>The settings, checked.</summary>
    public static SwitchboardOptions Settings(this IServiceProvider services) => services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;
}
