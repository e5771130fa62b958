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
public sealed class FunctionKeys(IOptions<SwitchboardOptions> options, HttpRoutes routes) : IFunctionMetadataTransformer
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

        foreach (var function in original)
        {
            Guard(function.RawBindings ?? throw new InvalidOperationException($"The function {function.Name} has no bindings that could be guarded."));
        }
    }

    private void Guard(IList<string> bindings)
    {
        for (var index = 0; index < bindings.Count; index++)
        {
            var binding = JsonNode.Parse(bindings[index])!.AsObject();
            // Whatever the case of the names that the generator wrote.
            var fields = binding.ToLookup(field => field.Key, field => field.Value?.ToString(), StringComparer.OrdinalIgnoreCase);
            if (fields["type"].Contains("httpTrigger", StringComparer.OrdinalIgnoreCase) && !routes.All.Any(route => route.IsOpen && fields["route"].Contains(route.Path)))
            {
                foreach (var name in binding.Select(field => field.Key).Where(name => name.Equals("authLevel", StringComparison.OrdinalIgnoreCase)).ToList())
                {
                    binding.Remove(name);
                }

                binding["authLevel"] = "Function";
                bindings[index] = binding.ToJsonString();
            }
        }
    }
}
