using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;

namespace FunctionsApp;

/// <summary>
/// Tells the host to demand a function key, which it looks at before it reads a body, where the settings want that
/// (<see cref="Switchboard.Keys.AccessOptions.RequireFunctionKey"/>): the attribute of a trigger is the same in every deployment.
/// </summary>
/// <remarks>https://learn.microsoft.com/azure/azure-functions/function-keys-how-to</remarks>
public sealed class FunctionKeys(IOptions<SwitchboardOptions> options) : IFunctionMetadataTransformer
{
    public string Name => nameof(FunctionKeys);

    /// <exception cref="InvalidOperationException">A function cannot be guarded; the app then must not start.</exception>
    public void Transform(IList<IFunctionMetadata> original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (!options.Value.Access.RequireFunctionKey)
        {
            return;
        }

        // Probes of health have no key.
        foreach (var function in original.Where(function => function.Name is not ("Live" or "Ready")))
        {
            Guard(function.RawBindings ?? throw new InvalidOperationException($"The function {function.Name} has no bindings that could be guarded."));
        }
    }

    private static void Guard(IList<string> bindings)
    {
        for (var index = 0; index < bindings.Count; index++)
        {
            var binding = JsonNode.Parse(bindings[index])!.AsObject();
            if (string.Equals((string?)binding["type"], "httpTrigger", StringComparison.OrdinalIgnoreCase))
            {
                // Whatever the case of the name that the generator wrote.
                foreach (var name in binding.Select(property => property.Key).Where(name => name.Equals("authLevel", StringComparison.OrdinalIgnoreCase)).ToList())
                {
                    binding.Remove(name);
                }

                binding["authLevel"] = "Function";
                bindings[index] = binding.ToJsonString();
            }
        }
    }
}
