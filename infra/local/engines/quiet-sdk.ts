// The AWS SDK tells every process on Node 20 that its versions after January 2027 will want a newer Node. Ours is pinned.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
