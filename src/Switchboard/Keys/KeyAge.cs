using System.Diagnostics.Metrics;
using Switchboard.Common;

namespace Switchboard.Keys;

/// <summary>Publishes how old the keys are: an alert on it comes before an outage of the vault does.</summary>
internal sealed class KeyAge
{
    public KeyAge(IMeterFactory meters, AccessHealth access) =>
        meters.Create(SwitchboardSource.Name).CreateObservableGauge(
            "switchboard.keys.age",
            () => access.Age() is { } age ? [new Measurement<double>(age.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s",
            "Time since the API keys were last loaded in full; 0 for keys in configuration, nothing while none are loaded.");
}
