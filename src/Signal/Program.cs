using Signal.Hosting;

return await Verbs.Root().Parse(args).InvokeAsync();
